import type { EncodeError, Protocol } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { Subscriber } from 'rxjs'
import type { Closed } from '../../connection.ts'
import type { WriteError } from '../../errors.ts'
import type { Handler } from '../../handler.ts'
import type { Ended } from '../connection/ending.ts'
import { Input } from './input.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'

/** A conversation that is under way. */
export interface Held {
  readonly connection: LiveConnection
  /** Stops the handler; the connection stays. */
  unsubscribe(): void
}

/** What a {@link Conversation} tells: one of `said` and `broke`, once; and what it is told. */
export interface ConversationEvents {
  /** The handler is done. */
  said(connection: LiveConnection): void
  /** The handler threw, or its output failed, or could not be written. */
  broke(connection: LiveConnection, error: unknown): void
  /** Its connection is over. */
  over(held: Held, closed: Closed): void
}

/**
 * One handler on one connection: bytes decoded into its input, its output encoded into the writer, with
 * no Subject between. Its first failure is its end, also in the middle of a flood; unsubscribing it stops the
 * handler only.
 */
export class Conversation<In, Out> extends Subscriber<Out> implements Held, Ended {
  readonly connection: LiveConnection
  readonly #protocol: Protocol<In, Out>
  readonly #events: ConversationEvents

  constructor(connection: LiveConnection, protocol: Protocol<In, Out>, events: ConversationEvents) {
    super()
    this.connection = connection
    this.#protocol = protocol
    this.#events = events
  }

  /** From the first byte nobody has read, beside whoever speaks on this connection already. */
  begin(handler: Handler<In, Out>): void {
    try {
      const input = new Input(this.connection, this.#protocol.decoder())
      this.connection.inlet.decodedBy(input)
      handler(input.in$, this.connection).subscribe(this)
    } catch (error) {
      this.error(error)
    }
  }

  /** From the first byte that who speaks now has not taken, and instead of him. */
  takeOver(handler: Handler<In, Out>): void {
    const { inlet } = this.connection
    try {
      const input = new Input(this.connection, this.#protocol.decoder())
      inlet.succeed(input)
      try {
        // the end of the input before may have ended more than that
        if (!this.closed) handler(input.in$, this.connection).subscribe(this)
      } finally {
        inlet.settled()
      }
    } catch (error) {
      this.error(error)
    }
  }

  over(closed: Closed): void {
    this.#events.over(this, closed)
  }

  protected override _next(message: Out): void {
    try {
      const result = this.connection.send(this.#protocol, message)
      if (E.isLeft(result)) this.#refused(result.left)
    } catch (error) {
      this.error(error)
    }
  }

  protected override _error(error: unknown): void {
    this.unsubscribe()
    this.#events.broke(this.connection, error)
  }

  protected override _complete(): void {
    this.unsubscribe()
    this.#events.said(this.connection)
  }

  #refused(error: WriteError | EncodeError): void {
    if (error._tag === 'NotEncodable' || error._tag === 'TooLong') {
      this.connection.blame({ _tag: 'ProtocolFailed', error })
    } else if (error._tag === 'NotWritable') {
      // our side has ended already, and what it said before that is not to be lost: nothing is broken off
      this.connection.blame({ _tag: 'HandlerFailed', error })
      this.complete()
    }
    this.error(error)
  }
}
