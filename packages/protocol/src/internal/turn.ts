import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import type { Decoder, Protocol } from '../protocol.ts'

/** What came of asking for one message. `length` is how many bytes it took; an error counts from its frame. */
export type Taken<A> =
  | { readonly _tag: 'Message'; readonly message: A; readonly length: number }
  | { readonly _tag: 'Error'; readonly error: DecodeError }
  | typeof WAITING

const WAITING = { _tag: 'Waiting' } as const

/** Some decoders look at all they are given: so a small frame is not sought in a large chunk again and again. */
const FIRST_BITE = 256

/**
 * Asks a protocol for one message at a time, the bytes staying with the caller. A decoder is fed in bites that grow with
 * the frame, and what it has not taken is asked back: so each message costs no more than its own size, or a bite. Each
 * frame has a decoder of its own, or what it says of offsets would depend on how much it was given too much before.
 */
export class Turn<A> {
  readonly #protocol: Protocol<A, never>
  #decoder: Decoder<A> | null = null
  /** Bytes of this frame that it was given. */
  #given = 0
  #bite = FIRST_BITE
  #message: E.Either<null, A> = NONE

  constructor(protocol: Protocol<A, never>) {
    this.#protocol = protocol
  }

  /** A frame begins; the one before is read, or given up. */
  reset(): void {
    this.#decoder = null
    this.#given = 0
    this.#bite = FIRST_BITE
    this.#message = NONE
  }

  /** Goes on with `bytes`, which begin where the frame does. */
  take(bytes: Uint8Array): Taken<A> {
    const decoder = (this.#decoder ??= this.#protocol.decoder())
    while (this.#given < bytes.length) {
      const to = Math.min(bytes.length, this.#given + this.#bite)
      const bite = bytes.subarray(this.#given, to)
      this.#given = to
      this.#bite *= 2
      const taken = this.#taken(decoder, decoder.push(bite, this.#keep))
      if (taken !== WAITING) return taken
    }
    return WAITING
  }

  /** What a FIN makes of the frame that was begun. */
  end(): Taken<A> {
    const decoder = (this.#decoder ??= this.#protocol.decoder())
    return this.#taken(decoder, decoder.end(this.#keep))
  }

  readonly #keep = (message: A): boolean => {
    this.#message = E.right(message)
    return false
  }

  #taken(decoder: Decoder<A>, result: E.Either<DecodeError, void>): Taken<A> {
    if (E.isLeft(this.#message)) return E.isLeft(result) ? { _tag: 'Error', error: result.left } : WAITING
    const message = this.#message.right
    const length = this.#given - decoder.unread().length
    this.reset()
    return { _tag: 'Message', message, length }
  }
}

const NONE = E.left(null)
