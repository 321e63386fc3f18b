import type { EncodeError, Protocol } from '@sluice/protocol'
import { NotEncodable } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { SchedulerLike, Subscriber, Unsubscribable } from 'rxjs'
import { Observable } from 'rxjs'
import type { Connection } from '../../connection.ts'
import { ungated } from '../../gate.ts'
import type { Handler } from '../../handler.ts'
import { UnexpectedAnswer } from '../../requests/requestErrors.ts'
import { Link } from '../operators/link.ts'
import type { Asked, SentOn } from './asked.ts'
import type { Places } from './places.ts'
import type { Kept } from './upkeep.ts'

/** What a {@link Talk} tells. */
export interface TalkEvents<Req, Res, Out> {
  /** Requests may be sent. */
  up(): void
  /** There may be room for one more. */
  room(): void
  answered(asked: Asked<Req, Res, Out>, answer: Res, last: boolean): void
  pushed(message: Res, connection: Connection): void
  /** An answer nobody waits for any more was dropped. */
  late(): void
}

/** What became of an attempt to send: `not` where this connection takes nothing more. */
export type Sending = 'sent' | 'not' | EncodeError

/** Requests and answers on one connection. */
export class Talk<Req, Res, Out> implements SentOn<Req, Res, Out>, Kept {
  readonly connection: Connection
  readonly places: Places<Req, Res, Out>
  readonly #protocol: Protocol<Res, Out>
  readonly #events: TalkEvents<Req, Res, Out>
  readonly #scheduler: SchedulerLike
  #output: Subscriber<never> | null = null
  #state: 'new' | 'up' | 'ending' = 'new'
  /** Set while the writer is full. */
  #draining: Unsubscribable | null = null
  /** Whether anything was sent at all. */
  served = false
  /** When it was last in use, and last asked whether it is well: see `Upkeep`. */
  usedAt: number
  checkedAt = 0

  constructor(
    connection: Connection,
    protocol: Protocol<Res, Out>,
    places: Places<Req, Res, Out>,
    events: TalkEvents<Req, Res, Out>,
    scheduler: SchedulerLike,
  ) {
    this.connection = connection
    this.#protocol = protocol
    this.places = places
    this.#events = events
    this.#scheduler = scheduler
    this.usedAt = scheduler.now()
  }

  /** What it does on its connection. What comes before the first request answers none. */
  readonly handler: Handler<Res, never> = (in$) =>
    new Observable((output) => {
      this.#output = output
      const message = (value: Res): void => {
        this.#heard(value)
      }
      const complete = (): void => {
        this.#state = 'ending'
        output.complete()
      }
      output.add(() => {
        this.#state = 'ending'
        this.#draining?.unsubscribe()
      })
      in$.subscribe(new Link(output, message, complete))
      if (this.#state !== 'new') return
      this.#state = 'up'
      this.#events.up()
    })

  get paused(): boolean {
    return this.connection.paused
  }

  /** Whether nothing is in flight that could be disturbed. */
  get idle(): boolean {
    return this.places.taken === 0
  }

  get isUp(): boolean {
    return this.#state === 'up'
  }

  room(window: number): boolean {
    return this.#state === 'up' && this.#draining === null && this.places.room(window)
  }

  send(asked: Asked<Req, Res, Out>): Sending {
    const { says } = asked
    if (says._tag === 'Note') return this.#send(says.message)
    let message: Out
    try {
      message = this.places.begin(asked, says.request)
    } catch (error) {
      return thrown(error, this.#protocol.name, says.request)
    }
    // before it is sent: a stream in memory may answer from inside of that
    asked.on = this
    const sending = this.#send(message)
    if (sending !== 'sent') this.places.undo(asked)
    return sending
  }

  #send(message: Out): Sending {
    let sending: Sending = 'not'
    // who asks may be called by an input of ours: that one is not to wait until its peer reads
    ungated(() => {
      sending = this.#write(message)
    })
    return sending
  }

  leave(asked: Asked<Req, Res, Out>): void {
    try {
      const message = this.places.leave(asked)
      if (message !== undefined && this.#state === 'up') this.#send(message)
    } catch (error) {
      this.#output?.error(error)
    }
  }

  /** Says goodbye. */
  end(): void {
    this.#state = 'ending'
    this.connection.close()
  }

  #write(message: Out): Sending {
    try {
      const result = this.connection.send(this.#protocol, message)
      if (this.connection.full) this.#waitForRoom()
      if (E.isRight(result)) {
        this.served = true
        return 'sent'
      }
      if (result.left._tag === 'NotEncodable' || result.left._tag === 'TooLong') return result.left
      this.#state = 'ending'
      return 'not'
    } catch (error) {
      return thrown(error, this.#protocol.name, message)
    }
  }

  #waitForRoom(): void {
    this.#draining ??= this.connection.events$.subscribe(({ _tag }) => {
      if (_tag !== 'Drained' || this.#draining === null) return
      this.#draining.unsubscribe()
      this.#draining = null
      this.#events.room()
    })
  }

  #heard(message: Res): void {
    const owner = this.places.owner(message)
    if (owner === 'unasked') throw new UnexpectedAnswer(message)
    else if (owner === 'push') this.#events.pushed(message, this.connection)
    else if (owner === 'late') this.#events.late()
    else this.#events.answered(owner, message, this.places.last)
    if (owner === 'push' || !this.places.last) return
    this.usedAt = this.#scheduler.now()
    this.#events.room()
  }
}

const thrown = (error: unknown, protocol: string, message: unknown): NotEncodable => {
  const what = error instanceof Error ? error.message : String(error)
  return new NotEncodable({ what, protocol, message })
}
