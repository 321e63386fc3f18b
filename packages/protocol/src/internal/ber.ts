import { fail, need } from '../framing/step.ts'
import type { Prefix } from './prefixed.ts'
import { lengthRead } from './prefixed.ts'
import { readUint, writeUint } from './uint.ts'
import { bytesOf } from './varint.ts'

const LONG = 0x80
const RESERVED = 0xff

/** Definite lengths of X.690 section 8.1.3, of at most `widest` bytes. */
export const berPrefix = (widest: number, minimal: boolean): Prefix => ({
  read: (bytes, at) => {
    const first = bytes[at] ?? 0
    if (first < LONG) return lengthRead(first, at + 1)
    if (first === LONG) return fail('a length of the indefinite form', at)
    if (first === RESERVED) return fail('a length that begins with the reserved ff', at)
    const width = first - LONG
    if (width >= widest) return fail(`a length of more than ${bytesOf(widest)}`, at)
    const end = at + 1 + width
    if (bytes.length < end) return need(end, 'header')
    const length = readUint(bytes, at + 1, width, false)
    if (minimal && sizeOf(length) <= width) return fail('a length of more bytes than it needs', end - 1)
    return lengthRead(length, end)
  },
  size: (length) => {
    const size = sizeOf(length)
    return size <= widest ? size : `its length of ${String(length)} does not fit ${bytesOf(widest)}`
  },
  write: (length, out) => {
    const width = sizeOf(length) - 1
    if (width > 0) out.byte(LONG + width)
    writeUint(out, length, Math.max(width, 1), false)
  },
})

/** The bytes of the shortest form. */
const sizeOf = (length: number): number => {
  if (length < LONG) return 1
  let size = 1
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size++
  return size
}
