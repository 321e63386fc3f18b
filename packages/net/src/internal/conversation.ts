import type { Decoder, EncodeError, Protocol } from '@sluice/protocol'
import { Malformed, TooLong, Truncated } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { Observable, Subscriber } from 'rxjs'
import type { WriteError } from '../errors.ts'
import { AlreadySubscribed } from '../errors.ts'
import type { Handler } from '../handler.ts'
import { Feeder } from './feeder.ts'
import type { Reader } from './inlet.ts'
import type { LiveConnection } from './liveConnection.ts'

/**
 * One handler on one connection: bytes decoded into its input, its output encoded into the writer, with
 * no Subject between. Its first failure is its end and the connection's, also in the middle of a flood;
 * unsubscribing it stops the handler only.
 */
export class Conversation<In, Out> extends Subscriber<Out> {
  readonly #connection: LiveConnection
  readonly #protocol: Protocol<In, Out>

  constructor(connection: LiveConnection, protocol: Protocol<In, Out>) {
    super()
    this.#connection = connection
    this.#protocol = protocol
  }

  begin(handler: Handler<In, Out>): void {
    try {
      const { in$ } = new Input(this.#connection, this.#protocol.decoder())
      handler(in$, this.#connection).subscribe(this)
    } catch (error) {
      this.error(error)
    }
  }

  protected override _next(message: Out): void {
    try {
      const result = this.#connection.send(this.#protocol, message)
      if (E.isLeft(result)) this.#refused(result.left)
    } catch (error) {
      this.error(error)
    }
  }

  protected override _error(error: unknown): void {
    this.unsubscribe()
    const connection = this.#connection
    // who was cut in the middle gets the answers to what came before; the rest is broken off (R12)
    if (error instanceof Truncated && connection.blamed === error) connection.close()
    else connection.fail({ _tag: 'HandlerFailed', error })
  }

  protected override _complete(): void {
    this.unsubscribe()
    this.#connection.finish()
  }

  #refused(error: WriteError | EncodeError): void {
    if (error._tag === 'NotEncodable' || error._tag === 'TooLong') {
      this.#connection.fail({ _tag: 'ProtocolFailed', error })
    } else if (error._tag === 'NotWritable') {
      // our side has ended already, and what it said before that is not to be lost: nothing is broken off
      this.#connection.blame({ _tag: 'HandlerFailed', error })
      this.complete()
    }
    this.error(error)
  }
}

/** Decodes for one handler. The decoder stays when the handler leaves and comes back (R1). */
class Input<In> implements Reader {
  readonly #connection: LiveConnection
  readonly #decoder: Decoder<In>
  readonly #feeder: Feeder<In>
  /** Since when a frame is unfinished, and how many messages came before it. */
  #frameSince: number | null = null
  #frameBehind = 0
  /** Bytes the decoder was given, and where in them it gave up, if it has. */
  #pushed = 0
  #failedAt: number | null = null

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
    connection.inlet.undecoded = () => (this.#failedAt === null ? decoder.buffered : this.#pushed - this.#failedAt)
  }

  chunk(bytes: Uint8Array): void {
    this.#pushed += bytes.length
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

  #failed(error: unknown): void {
    if (error instanceof Truncated || error instanceof TooLong || error instanceof Malformed) {
      this.#failedAt ??= error.offset
      this.#connection.blame(
        error instanceof Truncated ? { _tag: 'Truncated', error } : { _tag: 'ProtocolFailed', error },
      )
    }
    this.#feeder.subscriber?.error(error)
  }
}
