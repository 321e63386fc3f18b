import type { DecodeError, Decoder, EncodeError, Protocol } from '@sluice/protocol'
import { Malformed, NotEncodable, TooLong, Truncated } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { Observable, Subscription } from 'rxjs'
import type { Cause } from '../errors.ts'
import { AlreadySubscribed, ConnectionLost } from '../errors.ts'
import type { Handler } from '../handler.ts'
import { Feeder } from './feeder.ts'
import type { Reader } from './inlet.ts'
import type { LiveConnection } from './liveConnection.ts'

/**
 * One handler on one connection: bytes decoded into its input, its output encoded into the writer, with
 * no Subject between. Its failure is the connection's; unsubscribing the answer stops the handler only.
 */
export const converse = <In, Out>(
  connection: LiveConnection,
  protocol: Protocol<In, Out>,
  handler: Handler<In, Out>,
): Subscription => {
  const failed = (error: unknown): void => {
    connection.fail(causeOf(error))
  }
  let out$: Observable<Out>
  try {
    out$ = handler(new Input(connection, protocol.decoder()).in$, connection)
  } catch (error) {
    failed(error)
    return Subscription.EMPTY
  }
  return out$.subscribe({
    next: (message) => {
      const result = connection.send(protocol, message)
      if (E.isLeft(result)) failed(result.left)
    },
    error: (error: unknown) => {
      // who was cut in the middle gets the answers to what came before; the rest is broken off (R12)
      if (error instanceof Truncated) connection.close()
      else failed(error)
    },
    complete: () => {
      connection.end()
    },
  })
}

/** What went wrong, told by the error a handler's output failed with. */
const causeOf = (error: unknown): Cause => {
  if (error instanceof ConnectionLost) return error.reason
  return isProtocolError(error) ? { _tag: 'ProtocolFailed', error } : { _tag: 'HandlerFailed', error }
}

const isProtocolError = (error: unknown): error is DecodeError | EncodeError =>
  error instanceof Malformed || error instanceof TooLong || error instanceof NotEncodable

/** Decodes for one handler. The decoder stays when the handler leaves and comes back (R1). */
class Input<In> implements Reader {
  readonly #connection: LiveConnection
  readonly #decoder: Decoder<In>
  readonly #feeder: Feeder<In>
  #frameSince: number | null = null

  readonly in$ = new Observable<In>((subscriber) => {
    if (this.#feeder.subscriber !== null) {
      subscriber.error(new AlreadySubscribed())
      return
    }
    const { inlet } = this.#connection
    subscriber.add(() => {
      this.#feeder.feed(null, null)
      inlet.detach(this)
    })
    this.#feeder.feed(subscriber, inlet.gate)
    if (!subscriber.closed) inlet.attach(this)
  })

  constructor(connection: LiveConnection, decoder: Decoder<In>) {
    this.#connection = connection
    this.#decoder = decoder
    this.#feeder = new Feeder(decoder, (error) => {
      this.#failed(error)
    })
    connection.inlet.undecoded = () => decoder.buffered
  }

  chunk(bytes: Uint8Array): void {
    const feeder = this.#feeder
    const before = feeder.emitted
    feeder.push(bytes, this.#connection.inlet.gate)
    if (feeder.stopped || this.#decoder.buffered === 0) this.#frameSince = null
    else if (this.#frameSince === null || feeder.emitted !== before) {
      this.#frameSince = this.#connection.readAt
      this.#connection.frameBegun()
    }
  }

  end(): void {
    this.#feeder.end()
  }

  cut(): void {
    this.#feeder.subscriber?.complete()
  }

  fail(error: Error): void {
    this.#feeder.subscriber?.error(error)
  }

  frameSince(): number | null {
    return this.#frameSince
  }

  #failed(error: DecodeError): void {
    this.#connection.blame(
      error instanceof Truncated ? { _tag: 'Truncated', error } : { _tag: 'ProtocolFailed', error },
    )
    this.#feeder.subscriber?.error(error)
  }
}
