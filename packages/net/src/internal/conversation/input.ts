import type { DecodeError, Decoder } from '@sluice/protocol'
import { Invalid, Malformed, TooLong, Truncated } from '@sluice/protocol'
import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import { AlreadySubscribed } from '../../errors.ts'
import type { FeederEvents } from './feeder.ts'
import { Feeder } from './feeder.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'
import type { Decoding } from '../connection/reader.ts'

/** Decodes for one handler. The decoder stays when the handler leaves and comes back (R1). */
export class Input<In> implements Decoding, FeederEvents {
  readonly #connection: LiveConnection
  readonly #decoder: Decoder<In>
  readonly #feeder: Feeder<In>
  #released = false
  /** Since when a frame is unfinished, and how many messages came before it. */
  #frameSince: number | null = null
  #frameBehind = 0
  /** Bytes the decoder was given, and where in them it gave up, if it has. */
  #pushed = 0
  #failedAt: number | null = null

  constructor(connection: LiveConnection, decoder: Decoder<In>) {
    this.#connection = connection
    this.#decoder = decoder
    this.#feeder = new Feeder(decoder, this)
  }

  get in$(): Observable<In> {
    return new InputOf(this)
  }

  get copies(): boolean {
    return this.#decoder.copies === true
  }

  get undecodedBytes(): number {
    return this.#failedAt === null ? this.#decoder.buffered : this.#pushed - this.#failedAt
  }

  takeUndecoded(): Uint8Array {
    return this.#decoder.unread()
  }

  /** The input of the handler is subscribed. */
  begin(subscriber: Subscriber<In>): void {
    if (this.#feeder.subscriber !== null) {
      subscriber.error(new AlreadySubscribed())
      return
    }
    if (this.#released) {
      subscriber.complete()
      return
    }
    const { inlet } = this.#connection
    subscriber.add(this)
    this.#feeder.feed(subscriber, inlet.gate)
    if (!subscriber.closed) inlet.attach(this)
  }

  /** It is unsubscribed. */
  unsubscribe(): void {
    this.#feeder.feed(null, null)
    this.#connection.inlet.detach(this)
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

  release(): void {
    this.#released = true
    this.#feeder.release()
  }

  released(unread: Uint8Array): void {
    const lost = this.#failedAt === null ? 0 : Math.max(0, this.undecodedBytes - unread.length)
    this.#failedAt = null
    this.#connection.inlet.putBack(unread, lost)
  }

  /** All whole messages are out: what is left, if anything, is a frame begun with the last chunk, or before. */
  settled(): void {
    const { emitted } = this.#feeder
    if (this.#decoder.buffered === 0) this.#frameSince = null
    else if (this.#frameSince === null || this.#frameBehind !== emitted) {
      this.#frameSince = this.#connection.watch.readAt
      this.#frameBehind = emitted
      this.#connection.watch.frameBegun()
    }
  }

  failed(error: unknown): void {
    if (isDecodeError(error)) {
      this.#failedAt ??= error.offset
      this.#connection.blame(
        error instanceof Truncated ? { _tag: 'Truncated', error } : { _tag: 'ProtocolFailed', error },
      )
    }
    if (this.#released) this.#connection.fail({ _tag: 'HandlerFailed', error })
    this.#feeder.subscriber?.error(error)
  }
}

const isDecodeError = (error: unknown): error is DecodeError =>
  error instanceof Truncated || error instanceof TooLong || error instanceof Malformed || error instanceof Invalid

/** The input as a handler sees it, without a closure for each connection. */
class InputOf<In> extends Observable<In> {
  readonly input: Input<In>

  constructor(input: Input<In>) {
    super(begin)
    this.input = input
  }
}

function begin<In>(this: Observable<In>, subscriber: Subscriber<In>): void {
  if (this instanceof InputOf) this.input.begin(subscriber)
}
