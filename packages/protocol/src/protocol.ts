import type { Either } from 'fp-ts/lib/Either.js'
import type { ByteWriter } from './byteWriter.ts'
import type { DecodeError, EncodeError } from './errors.ts'

/**
 * Bytes ⇄ messages, as an immutable value. It holds no state: each connection asks it for a
 * {@link Decoder} of its own, so one protocol serves any number of connections at once.
 *
 * ```
 *            decoder().push             encode
 *  bytes ──────────────────▶ In    Out ────────▶ bytes
 * ```
 *
 * Laws every protocol obeys (`@sluice/testing` turns them into properties):
 *
 * - **R15** `decode(encode(x)) = x`, for every chunking of the bytes, the one-byte chunking included.
 * - **R16** a limit counts the whole frame on the wire, is checked before anything is buffered, and
 *   holds for `encode` as for the decoder.
 * - **R17** after its first error a decoder emits nothing and returns that error again.
 * - **R18** a decoder retains at most one frame limit plus one chunk, whatever it is fed.
 *
 * @typeParam In what the peer's bytes become
 * @typeParam Out what may be sent; the same as `In` for most framings
 */
export interface Protocol<In, Out = In> {
  /** Prints as the expression that built it: `lines({ ending: 'crlf' })`. */
  readonly name: string
  /** A fresh decoder, with no byte read. */
  readonly decoder: () => Decoder<In>
  /**
   * Appends one message to `out`. On `Left` nothing was appended: what could not be encoded leaves
   * no trace on the wire.
   *
   * Errors: `NotEncodable` (a message its own decoder would not read back) · `TooLong` (over the
   * limit on the wire). Both are the fault of the `local` side; the protocol stays usable.
   */
  readonly encode: (message: Out, out: ByteWriter) => Either<EncodeError, void>
}

/**
 * Takes one stream of bytes apart. Synchronous and free of I/O: what it needs is pushed in.
 *
 * ```
 *  push('ab\ncd')  emits 'ab'      unread 'cd'
 *  push('e\n')     emits 'cde'     unread ''
 *  end()           Right           (with 'cd' unread: Truncated)
 * ```
 */
export interface Decoder<In> {
  /** Bytes that no frame has taken yet: what {@link Decoder.unread} would give. */
  readonly buffered: number
  /**
   * Whether it copies whatever it keeps, or hands out, of a chunk, as a decoder of text does: then the caller may use the
   * memory of the chunk again as soon as `push` has returned. Default: no.
   */
  readonly copies?: boolean
  /**
   * Feeds bytes; `emit` is called for each message they complete. `emit` answers `false` to stop
   * there: the rest stays in the decoder, and an empty push goes on with it.
   *
   * The decoder may keep views of `chunk` and hand them out as frames: the caller never writes to a
   * chunk again, but where {@link Decoder.copies} says that it may.
   *
   * Errors: `TooLong`, `Malformed`, both the `remote` side's fault. After one, every call returns
   * that error again and emits nothing (R17).
   */
  push(chunk: Uint8Array, emit: (message: In) => boolean): Either<DecodeError, void>
  /**
   * The peer's FIN. Goes on with what was left by a stop first; where `emit` answers `false` again,
   * call `end` again. Anything but a frame border is `Truncated` (R13).
   */
  end(emit: (message: In) => boolean): Either<DecodeError, void>
  /**
   * Takes out the bytes no frame has taken yet, for a protocol switch or a TLS upgrade. The decoder
   * is empty afterwards, at a frame border. From inside `emit` only where that answers false.
   */
  unread(): Uint8Array
}
