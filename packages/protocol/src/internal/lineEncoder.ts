import * as E from 'fp-ts/lib/Either.js'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import { NotEncodable, TooLong } from '../errors.ts'
import type { LineSettings } from './lineRules.ts'
import { buffer } from './lineRules.ts'
import { DONE, ERROR_BYTES } from './stepDecoder.ts'

type AnyLine = string | Uint8Array

/**
 * Writes lines with their ending, and refuses those that would not be read back. A line is judged before it is
 * written, so that a queue may encode the text of many at once.
 */
export const lineEncoder = (
  protocol: string,
  settings: LineSettings,
): ((line: AnyLine, out: ByteWriter) => E.Either<EncodeError, void>) => {
  const { ending, encoding, maxFrameBytes: limit } = settings
  const two = ending === 'crlf' || ending === 'strict'
  const room = limit - (two ? 2 : 1)
  // a line of so many characters is within the limit, whichever they are
  const surely = encoding === 'utf8' ? Math.floor(room / 3) : room
  const wrongInside = ENDINGS_INSIDE[ending]
  const { wrong: wrongContent, append } = CONTENTS[encoding]
  const sizeOf = (line: AnyLine): number =>
    encoding === 'utf8' && typeof line === 'string' ? Buffer.byteLength(line) : line.length

  const tooLong = (line: AnyLine): E.Either<EncodeError, never> => {
    const announced = sizeOf(line) + limit - room
    const bytes =
      typeof line === 'string'
        ? Buffer.from(line.slice(0, ERROR_BYTES))
        : Uint8Array.from(line.subarray(0, ERROR_BYTES))
    return E.left(new TooLong({ limit, announced, bytes, offset: 0, fault: 'local' }))
  }
  return (line, out) => {
    // no text takes fewer bytes than it has characters: far too long ones are not looked at
    if (line.length > room) return tooLong(line)
    const wrong = wrongInside(line) ?? wrongContent(line)
    if (wrong !== null) return E.left(new NotEncodable({ what: wrong, protocol, message: line }))
    if (line.length > surely && sizeOf(line) > room) return tooLong(line)
    append(line, out)
    if (two) out.byte(13)
    out.byte(10)
    return DONE
  }
}

/** What a line is in an encoding: what is wrong with it, if anything, and how it is written where nothing is. */
interface Content {
  readonly wrong: (line: AnyLine) => string | null
  readonly append: (line: AnyLine, out: ByteWriter) => void
}

const NO_TEXT = 'bytes, where text was expected'

/** Text of one byte a character, those that `other` finds left out; a search by machine code, where a loop is not. */
const oneByte = (encoding: string, other: RegExp): Content => ({
  wrong: (line) => {
    if (typeof line !== 'string') return NO_TEXT
    return other.test(line) ? `a character that ${encoding} has not, at ${String(line.search(other))}` : null
  },
  append: (line, out) => {
    if (typeof line === 'string') out.latin1(line)
  },
})

const CONTENTS: Readonly<Record<LineSettings['encoding'], Content>> = {
  utf8: {
    wrong: (line) => {
      if (typeof line !== 'string') return NO_TEXT
      return line.isWellFormed() ? null : 'a lone surrogate, which UTF-8 has not'
    },
    append: (line, out) => {
      if (typeof line === 'string') out.utf8(line)
    },
  },
  latin1: oneByte('latin1', /[^\u0000-\u00ff]/),
  ascii: oneByte('ascii', /[^\u0000-\u007f]/),
  bytes: {
    wrong: (line) => (typeof line === 'string' ? 'text, where bytes were expected' : null),
    append: (line, out) => {
      if (typeof line !== 'string') out.bytes(line)
    },
  },
}

const has = (line: AnyLine, what: '\n' | '\r' | '\r\n'): boolean => {
  if (typeof line === 'string') return line.indexOf(what) !== -1
  if (what === '\r\n') return hasByte(line, 13) && buffer(line).indexOf(what) !== -1
  return hasByte(line, what === '\n' ? 10 : 13)
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
