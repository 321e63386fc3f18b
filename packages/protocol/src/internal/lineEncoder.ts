import * as E from 'fp-ts/lib/Either.js'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import { NotEncodable, TooLong } from '../errors.ts'
import type { LineSettings } from './lineRules.ts'
import { buffer } from './lineRules.ts'
import { DONE, ERROR_BYTES } from './stepDecoder.ts'

type AnyLine = string | Uint8Array

/** Writes lines with their ending, and refuses those that would not be read back. */
export const lineEncoder = (
  protocol: string,
  settings: LineSettings,
): ((line: AnyLine, out: ByteWriter) => E.Either<EncodeError, void>) => {
  const { ending, maxFrameBytes: limit } = settings
  const two = ending === 'crlf' || ending === 'strict'
  const room = limit - (two ? 2 : 1)
  const wrongInside = ENDINGS_INSIDE[ending]
  const append = APPENDERS[settings.encoding]
  const sizeOf = (line: AnyLine): number =>
    settings.encoding === 'utf8' && typeof line === 'string' ? Buffer.byteLength(line) : line.length

  const tooLong = (line: AnyLine, size: number): E.Either<EncodeError, never> => {
    const announced = size + limit - room
    const bytes =
      typeof line === 'string'
        ? Buffer.from(line.slice(0, ERROR_BYTES))
        : Uint8Array.from(line.subarray(0, ERROR_BYTES))
    return E.left(new TooLong({ limit, announced, bytes, offset: 0, fault: 'local' }))
  }
  return (line, out) => {
    // no text takes fewer bytes than it has characters: far too long ones are not even written
    if (line.length > room) return tooLong(line, sizeOf(line))
    const before = out.length
    const wrong = wrongInside(line) ?? append(line, out)
    if (wrong !== null) {
      out.truncate(before)
      return E.left(new NotEncodable({ what: wrong, protocol, message: line }))
    }
    const size = out.length - before
    if (size > room) {
      out.truncate(before)
      return tooLong(line, size)
    }
    if (two) out.byte(13)
    out.byte(10)
    return DONE
  }
}

type Appender = (line: AnyLine, out: ByteWriter) => string | null

const NO_TEXT = 'bytes, where text was expected'

const oneByte =
  (encoding: string, highest: number): Appender =>
  (line, out) => {
    if (typeof line !== 'string') return NO_TEXT
    for (let i = 0; i < line.length; i++) {
      if (line.charCodeAt(i) > highest) return `a character that ${encoding} has not, at ${String(i)}`
    }
    out.latin1(line)
    return null
  }

const bytes: Appender = (line, out) => {
  if (typeof line === 'string') return 'text, where bytes were expected'
  out.bytes(line)
  return null
}

const APPENDERS: Readonly<Record<LineSettings['encoding'], Appender>> = {
  utf8: (line, out) => {
    if (typeof line !== 'string') return NO_TEXT
    const before = out.length
    out.utf8(line)
    // as many bytes as characters: plain ASCII, which has no surrogates
    return out.length - before === line.length || line.isWellFormed() ? null : 'a lone surrogate, which UTF-8 has not'
  },
  latin1: oneByte('latin1', 0xff),
  ascii: oneByte('ascii', 0x7f),
  bytes,
}

const has = (line: AnyLine, what: '\n' | '\r' | '\r\n'): boolean => {
  if (typeof line === 'string') return line.indexOf(what) !== -1
  return what === '\r\n' ? buffer(line).indexOf(what) !== -1 : hasByte(line, what.charCodeAt(0))
}

/** `Buffer`'s own search, without a `Buffer` for each line. */
const hasByte = (bytes: Uint8Array, byte: number): boolean =>
  NOTHING.indexOf.call<Uint8Array, [number], number>(bytes, byte) !== -1

const NOTHING = Buffer.alloc(0)

const endsInCr = (line: AnyLine): boolean =>
  (typeof line === 'string' ? line.charCodeAt(line.length - 1) : line[line.length - 1]) === 13

/** What makes a line read back as something else: an ending inside it, or half of one at its end. */
const ENDINGS_INSIDE: Readonly<Record<LineSettings['ending'], (line: AnyLine) => string | null>> = {
  either: (line) =>
    has(line, '\n')
      ? 'an LF inside the line'
      : endsInCr(line)
        ? 'a CR at the end of the line, which reading drops'
        : null,
  lf: (line) => (has(line, '\n') ? 'an LF inside the line' : null),
  crlf: (line) => (has(line, '\r\n') ? 'a CR LF inside the line' : null),
  strict: (line) => (has(line, '\n') || has(line, '\r') ? 'a CR or LF inside the line' : null),
}
