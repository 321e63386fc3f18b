import type { Invalid } from './codec/invalid.ts'
import { excerpt } from './internal/excerpt.ts'
import { show } from './internal/show.ts'

/** Whose fault an error is: `local` is the program at this end, `remote` the peer. */
export type Fault = 'local' | 'remote'

/** What a decoder may answer. All are the `remote` side's fault, but for an `Invalid` that says otherwise. */
export type DecodeError = Truncated | TooLong | Malformed | Invalid

/** What an encoder may answer. Both are the `local` side's fault. */
export type EncodeError = NotEncodable | TooLong

const plural = (count: number): string => `${String(count)} byte${count === 1 ? '' : 's'}`

/** What {@link Truncated} says. */
export interface TruncatedInfo {
  /** The part of the frame that was cut: `line`, `header`, `payload` … */
  readonly phase: string
  /** Bytes of the unfinished frame that came. */
  readonly got: number
  /** Bytes from the frame's first to the end of that phase, where that is known already. */
  readonly expected?: number | undefined
  /** The bytes of the unfinished frame. */
  readonly bytes: Uint8Array
  /** Where the unfinished frame begins in the stream, counted from 0. */
  readonly offset: number
}

/**
 * The stream ended inside a frame. A FIN proves nothing by itself; only a frame border does (R13).
 *
 * Fault: `remote`. The decoder is at its end: every further call returns this error.
 */
export class Truncated extends Error implements TruncatedInfo {
  readonly _tag = 'Truncated'
  readonly fault = 'remote'
  readonly phase: string
  readonly got: number
  readonly expected: number | undefined
  readonly bytes: Uint8Array
  readonly offset: number

  constructor(info: TruncatedInfo) {
    const came = info.expected === undefined ? plural(info.got) : `${String(info.got)} of ${plural(info.expected)}`
    super(
      `the stream ended inside a ${info.phase}: ${came} came` +
        ` from offset ${String(info.offset)} on: ${excerpt(info.bytes)}`,
    )
    this.name = 'Truncated'
    this.phase = info.phase
    this.got = info.got
    this.expected = info.expected
    this.bytes = info.bytes
    this.offset = info.offset
  }
}

/** What {@link TooLong} says. */
export interface TooLongInfo {
  /** The limit in bytes, counted over the whole frame on the wire. */
  readonly limit: number
  /** The size the frame gave itself, where it has one in a header. */
  readonly announced?: number | undefined
  /** How many bytes came without the frame ending, where it has none. */
  readonly seen?: number | undefined
  /** How the frame begins. */
  readonly bytes: Uint8Array
  /** Where the frame begins in the stream, counted from 0; for an encoder always 0. */
  readonly offset: number
  readonly fault: Fault
}

/**
 * A frame is over its limit: found before it was buffered (R16).
 *
 * Fault: `remote` from a decoder, which then repeats this error for ever (R17); `local` from an
 * encoder, which stays usable.
 */
export class TooLong extends Error implements TooLongInfo {
  readonly _tag = 'TooLong'
  readonly limit: number
  readonly announced: number | undefined
  readonly seen: number | undefined
  readonly bytes: Uint8Array
  readonly offset: number
  readonly fault: Fault

  constructor(info: TooLongInfo) {
    const what =
      info.announced === undefined
        ? `has no end within ${plural(info.limit)}`
        : `of ${plural(info.announced)} is over the limit of ${String(info.limit)}`
    super(`the frame at offset ${String(info.offset)} ${what}: ${excerpt(info.bytes)}`)
    this.name = 'TooLong'
    this.limit = info.limit
    this.announced = info.announced
    this.seen = info.seen
    this.bytes = info.bytes
    this.offset = info.offset
    this.fault = info.fault
  }
}

/** What {@link Malformed} says. */
export interface MalformedInfo {
  /** What is wrong, as the rest of the sentence "the stream has …". */
  readonly what: string
  /** Where the offending byte stands in the stream, counted from 0. */
  readonly at: number
  /** The bytes up to and with the offending one, as many as fit an excerpt. */
  readonly bytes: Uint8Array
  /** Where the frame begins in the stream, counted from 0. */
  readonly offset: number
}

/**
 * Bytes that no encoder of this protocol writes.
 *
 * Fault: `remote`. The decoder repeats this error for ever (R17).
 */
export class Malformed extends Error implements MalformedInfo {
  readonly _tag = 'Malformed'
  readonly fault = 'remote'
  readonly what: string
  readonly at: number
  readonly bytes: Uint8Array
  readonly offset: number

  constructor(info: MalformedInfo) {
    super(`the stream has ${info.what} at offset ${String(info.at)}: ${excerpt(info.bytes)}`)
    this.name = 'Malformed'
    this.what = info.what
    this.at = info.at
    this.bytes = info.bytes
    this.offset = info.offset
  }
}

/** What {@link NotEncodable} says. */
export interface NotEncodableInfo {
  /** What is wrong with the message, and what was expected. */
  readonly what: string
  /** The protocol that refused it. */
  readonly protocol: string
  /** The message. */
  readonly message: unknown
}

/**
 * A message its own decoder would not read back: a delimiter inside a frame, a length that does not
 * fit its field.
 *
 * Fault: `local`. Nothing was written; the encoder stays usable.
 */
export class NotEncodable extends Error {
  readonly _tag = 'NotEncodable'
  readonly fault = 'local'
  readonly what: string
  readonly protocol: string
  readonly value: unknown

  constructor(info: NotEncodableInfo) {
    super(`${info.protocol} cannot send this message: ${info.what}`)
    this.name = 'NotEncodable'
    this.what = info.what
    this.protocol = info.protocol
    this.value = info.message
  }
}

/**
 * An option that cannot work, found at construction: the only thing thrown across the public API
 * (R27). It names the option, what was given, and what is expected.
 */
export class WrongOption extends RangeError {
  readonly _tag = 'WrongOption'
  readonly option: string
  readonly given: unknown
  readonly expected: string

  constructor(where: string, option: string, given: unknown, expected: string) {
    super(`${where}: ${option} is ${show(given)}; expected ${expected}`)
    this.name = 'WrongOption'
    this.option = option
    this.given = given
    this.expected = expected
  }
}
