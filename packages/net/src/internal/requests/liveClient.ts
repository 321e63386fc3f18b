import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unsubscribable } from 'rxjs'
import { Observable } from 'rxjs'
import type { Client, CloseOptions } from '../../requests/clientFace.ts'
import type { RequestOptions } from '../../requests/clientOptions.ts'
import type { RequestError } from '../../requests/requestErrors.ts'
import { deadline } from '../time/deadline.ts'
import type { Asker, Says } from './asked.ts'
import { checkRequest, Desk } from './desk.ts'
import type { Size } from './fleet.ts'
import type { ClientSettings, Endpoints } from './settings.ts'

/** The face of a client. What it does is in {@link Desk}. */
export class LiveClient<Req, Res, Out> implements Client<Req, Res, Out> {
  readonly #desk: Desk<Req, Res, Out>
  readonly #settings: ClientSettings
  #closing: Promise<void> | null = null
  #closeNow: (() => void) | null = null

  constructor(endpoints: Endpoints<Req, Res, Out>, settings: ClientSettings, size: Size<Req, Res>) {
    this.#desk = new Desk(endpoints, settings, size)
    this.#settings = settings
  }

  get desk(): Desk<Req, Res, Out> {
    return this.#desk
  }

  get pushes$(): Observable<Res> {
    return this.#desk.pushes.pushes$
  }

  get inFlight(): number {
    return this.#desk.fleet.inFlight
  }

  get waiting(): number {
    return this.#desk.waiting
  }

  get connections(): number {
    return this.#desk.fleet.open
  }

  get lateAnswers(): number {
    return this.#desk.lateAnswers
  }

  request(request: Req, options: RequestOptions = {}): TaskEither<RequestError, Res> {
    checkRequest('request()', options)
    return () =>
      new Promise((resolve) => {
        let last: E.Either<RequestError, Res> | null = null
        this.#desk.ask({ _tag: 'Request', request }, options, {
          answer: (answer) => {
            last = E.right(answer)
          },
          done: () => {
            if (last !== null) resolve(last)
          },
          failed: (error) => {
            resolve(E.left(error))
          },
        })
      })
  }

  request$(request: Req, options: RequestOptions = {}): Observable<Res> {
    checkRequest('request$()', options)
    return new Observable((subscriber) => {
      const asker: Asker<Res> = {
        answer: (answer) => {
          subscriber.next(answer)
        },
        done: () => {
          subscriber.complete()
        },
        failed: (error) => {
          subscriber.error(error)
        },
      }
      const cancel = this.#desk.ask({ _tag: 'Request', request }, options, asker)
      subscriber.add(cancel)
    })
  }

  notify(message: Out, options: RequestOptions = {}): TaskEither<RequestError, void> {
    checkRequest('notify()', options)
    const says: Says<Req, Out> = { _tag: 'Note', message }
    return () =>
      new Promise((resolve) => {
        this.#desk.ask(says, options, {
          answer: () => undefined,
          done: () => {
            resolve(E.right(undefined))
          },
          failed: (error) => {
            resolve(E.left(error))
          },
        })
      })
  }

  close({ withinMs = 0 }: CloseOptions = {}): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      let waiting: Unsubscribable | null = null
      this.#closeNow = () => {
        this.#closeNow = null
        waiting?.unsubscribe()
        this.#desk.close()
        this.#desk.fleet.end(resolve)
      }
      const closeNow = (): void => this.#closeNow?.()
      this.#desk.refuse(closeNow)
      if (this.#closeNow !== null && withinMs > 0) waiting = deadline(this.#settings.scheduler, withinMs, closeNow)
    })
    if (!(withinMs > 0)) this.#closeNow?.()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
