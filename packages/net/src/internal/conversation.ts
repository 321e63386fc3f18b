import type { DecodeError, Decoder, Protocol } from '@sluice/protocol'
import { Truncated } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { Observable, Subscription } from 'rxjs'
import { AlreadySubscribed } from '../errors.ts'
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
    connection.fail({ _tag: 'HandlerFailed', error })
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
      if (E.isRight(result)) return
      const error = result.left
      if (error._tag === 'NotEncodable' || error._tag === 'TooLong') connection.fail({ _tag: 'ProtocolFailed', error })
      else failed(error)
    },
    error: (error: unknown) => {
      // who was cut in the middle gets the answers to what came before; the rest is broken off (R12)
      if (error instanceof Truncated && connection.blamed === error) connection.close()
      else failed(error)
    },
    complete: () => {
      connection.end()
    },
  })
}

/** Decodes for one handler. The decoder stays when the handler leaves and comes back (R1). */
class Input<In> implements Reader {
  readonly #connection: LiveConnection
  readonly #decoder: Decoder<In>
  readonly #feeder: Feeder<In>
  /** Since when a frame is unfinished, and how many messages came before it. */
  #frameSince: number | null = null
  #frameBehind = 0

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
    this.#feeder = new Feeder(
      decoder,
      (error) => {
        this.#failed(error)
      },
      () => {
        this.#watchFrame()
      },
    )
    connection.inlet.undecoded = () => decoder.buffered
  }

  chunk(bytes: Uint8Array): void {
    this.#feeder.push(bytes, this.#connection.inlet.gate)
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

  /** All whole messages are out: what is left, if anything, is a frame begun with the last chunk, or before. */
  #watchFrame(): void {
    const { emitted } = this.#feeder
    if (this.#decoder.buffered === 0) this.#frameSince = null
    else if (this.#frameSince === null || this.#frameBehind !== emitted) {
      this.#frameSince = this.#connection.watch.readAt
      this.#frameBehind = emitted
      this.#connection.watch.frameBegun()
    }
  }

  #failed(error: DecodeError): void {
    this.#connection.blame(
      error instanceof Truncated ? { _tag: 'Truncated', error } : { _tag: 'ProtocolFailed', error },
    )
    this.#feeder.subscriber?.error(error)
  }
}
