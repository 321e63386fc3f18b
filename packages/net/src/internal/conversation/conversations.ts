import type { Protocol } from '@sluice/protocol'
import { Truncated } from '@sluice/protocol'
import type { OperatorFunction } from 'rxjs'
import { Observable, Subscriber } from 'rxjs'
import type { Clocks } from '../../clocks.ts'
import type { Closed, Connection } from '../../connection.ts'
import { ungated } from '../../gate.ts'
import type { Handler } from '../../handler.ts'
import { ClockChange } from '../time/clockSettings.ts'
import type { ConversationEvents, Held } from './conversation.ts'
import { Conversation } from './conversation.ts'
import { live } from '../connection/live.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'

/** A handler on each connection of a source; emits what `tell` makes of each that is over. */
export const conversations = <In, Out, R>(
  where: string,
  protocol: Protocol<In, Out>,
  handler: Handler<In, Out>,
  clocks: Clocks | undefined,
  tell: (connection: Connection, closed: Closed) => R,
): OperatorFunction<Connection, R> => {
  const change = clocks === undefined ? null : new ClockChange(where, clocks)
  const settings = { where, protocol, handler, change, tell }
  return (connections$) =>
    new Observable((subscriber) => {
      connections$.subscribe(new Conversations(settings, subscriber))
    })
}

interface Settings<In, Out, R> {
  readonly where: string
  readonly protocol: Protocol<In, Out>
  readonly handler: Handler<In, Out>
  readonly change: ClockChange | null
  readonly tell: (connection: Connection, closed: Closed) => R
}

/** The open ones. Completes when the source has and all of them are over; unsubscribing it aborts them (R14). */
class Conversations<In, Out, R> extends Subscriber<Connection> implements ConversationEvents {
  readonly #settings: Settings<In, Out, R>
  readonly #destination: Subscriber<R>
  readonly #open = new Set<Held>()
  #noMore = false

  constructor(settings: Settings<In, Out, R>, destination: Subscriber<R>) {
    super(destination)
    this.#settings = settings
    this.#destination = destination
    this.add(() => {
      this.#abortAll()
    })
  }

  said(connection: LiveConnection): void {
    connection.finish()
  }

  broke(connection: LiveConnection, error: unknown): void {
    // who was cut in the middle gets the answers to what came before; the rest is broken off (R12)
    if (error instanceof Truncated && connection.blamed === error) connection.close()
    else connection.fail({ _tag: 'HandlerFailed', error })
  }

  over(held: Held, closed: Closed): void {
    if (!this.#open.delete(held)) return
    held.unsubscribe()
    this.#destination.next(this.#settings.tell(held.connection, closed))
    this.#maybeComplete()
  }

  protected override _next(connection: Connection): void {
    const { where, protocol, handler, change } = this.#settings
    try {
      const lifted = live(where, connection)
      if (change !== null) lifted.watch.change(change)
      const conversation = new Conversation(lifted, protocol, this)
      this.#open.add(conversation)
      lifted.tellEnd(conversation)
      // what it does by itself is not fed by whoever hands out the connection, and must not hold him
      ungated(() => {
        conversation.begin(handler)
      })
    } catch (error) {
      this.#destination.error(error)
    }
  }

  protected override _complete(): void {
    this.#noMore = true
    this.#maybeComplete()
  }

  #maybeComplete(): void {
    if (this.#noMore && this.#open.size === 0) this.#destination.complete()
  }

  #abortAll(): void {
    const all = [...this.#open]
    this.#open.clear()
    for (const held of all) {
      held.unsubscribe()
      held.connection.abort()
    }
  }
}
