import type { Fields } from '../framing/headerFrame.ts'
import type { NoFrame } from '../framing/step.ts'
import { fail, more, need } from '../framing/step.ts'
import { BARE_LF, blockEnd, isWrong, parseFields } from './fields.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const SEMICOLON = 0x3b
/** As many as any size below 2^64 has; so a line of zeros is no way to make us wait. */
const MAX_DIGITS = 16

/** A chunk in the bytes: its data from `from` to `to`; or the last one, with the trailers behind it. */
export interface ChunkPart {
  readonly _tag: 'Chunk'
  readonly last: boolean
  /** What stands behind the size: from `extensions` up to the end of its line. */
  readonly extensions: readonly [from: number, to: number]
  readonly from: number
  readonly to: number
  readonly trailers: Fields
  /** The first byte behind it. */
  readonly next: number
}

const NONE: Fields = []

/** Reads one chunk after the other, each byte of a size line or trailer looked at a few times at most. */
export class ChunkParse {
  /** The size line of the chunk in hand, or the first byte behind that of the last chunk. */
  #start = 0
  #scanned = 0
  #last: readonly [from: number, to: number] | null = null

  reset(): void {
    this.#start = this.#scanned = 0
    this.#last = null
  }

  next(bytes: Uint8Array): ChunkPart | NoFrame {
    if (this.#last !== null) return this.#trailers(bytes, this.#last)
    const start = this.#start
    const digits = digitsEnd(bytes, start)
    if (digits === bytes.length && digits - start <= MAX_DIGITS) return more(0, 'chunk size')
    const size = sizeOf(bytes, start, digits)
    if (typeof size === 'string') return fail(size, Math.min(digits, start + MAX_DIGITS))
    const end = lineEnd(bytes, Math.max(digits, this.#scanned))
    if (typeof end !== 'number') {
      this.#scanned = end._tag === 'More' ? end.scanned : 0
      return end
    }
    this.#scanned = 0
    const extensions = [digits, end - 1] as const
    const wrong = beforeSemicolon(bytes, ...extensions)
    if (wrong !== -1) return fail('a chunk size with something but an extension behind it', wrong)
    const from = end + 1
    if (size > 0) return this.#data(bytes, extensions, from, from + size)
    this.#start = this.#scanned = from
    this.#last = extensions
    return this.#trailers(bytes, extensions)
  }

  #data(bytes: Uint8Array, extensions: ChunkPart['extensions'], from: number, to: number) {
    const next = to + 2
    if (bytes.length < next) return need(next, 'chunk')
    if (bytes[to] !== CR) return fail('a chunk longer than its size', to)
    if (bytes[to + 1] !== LF) return fail('a chunk longer than its size', to + 1)
    this.#start = next
    return { _tag: 'Chunk', last: false, extensions, from, to, trailers: NONE, next } as const
  }

  #trailers(bytes: Uint8Array, extensions: ChunkPart['extensions']): ChunkPart | NoFrame {
    const start = this.#start
    const found = blockEnd(bytes, start, this.#scanned)
    if (found._tag === 'Bare') return fail(BARE_LF, found.at)
    if (found._tag === 'None') {
      this.#scanned = bytes.length
      return more(0, 'trailers')
    }
    const trailers = parseFields(bytes, start, found.next)
    if (isWrong(trailers)) return fail(trailers.what, trailers.at)
    return { _tag: 'Chunk', last: true, extensions, from: start, to: start, trailers, next: found.next }
  }
}

/** The value of a hexadecimal digit, or -1. */
export const hexValue = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

const digitsEnd = (bytes: Uint8Array, start: number): number => {
  const most = Math.min(bytes.length, start + MAX_DIGITS + 1)
  let at = start
  while (at < most && hexValue(bytes[at] ?? 0) !== -1) at++
  return at
}

/** The size, or what is wrong with it. */
const sizeOf = (bytes: Uint8Array, start: number, end: number): number | string => {
  if (end === start) return 'a chunk size without a digit'
  if (end - start > MAX_DIGITS) return `a chunk size of more than ${String(MAX_DIGITS)} digits`
  const behind = bytes[end] ?? 0
  if (behind !== CR && behind !== SEMICOLON && behind !== SPACE && behind !== TAB) {
    return 'a chunk size with a wrong character in it'
  }
  let size = 0
  for (let at = start; at < end; at++) size = size * 16 + hexValue(bytes[at] ?? 0)
  return size
}

/** What stands between the size and the semicolon of its extensions and is no blank, or -1. */
const beforeSemicolon = (bytes: Uint8Array, from: number, to: number): number => {
  if (from === to) return -1
  let at = from
  while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++
  return bytes[at] === SEMICOLON ? -1 : at
}

/** Where the LF of the size line is, whose CR and extensions begin at `from` or before it. */
const lineEnd = (bytes: Uint8Array, from: number): number | NoFrame => {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === CR) {
      if (at + 1 === bytes.length) return more(at, 'chunk size')
      return bytes[at + 1] === LF ? at + 1 : fail('a CR without LF', at)
    }
    if (byte === LF) return fail(BARE_LF, at)
    if ((byte < SPACE && byte !== TAB) || byte === 0x7f) return fail('a control character in a chunk extension', at)
  }
  return more(bytes.length, 'chunk size')
}
