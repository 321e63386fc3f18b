import { fail, need } from '../framing/step.ts'
import type { Prefix } from './prefixed.ts'
import { lengthRead } from './prefixed.ts'

/** Unsigned LEB128 of at most `widest` bytes. */
export const varintPrefix = (widest: number, minimal: boolean): Prefix => ({
  read: (bytes, at) => {
    let length = 0
    let weight = 1
    for (let i = at; ; i++) {
      const byte = bytes[i]
      if (byte === undefined) return need(i + 1, 'header')
      length += (byte & 0x7f) * weight
      weight *= 128
      if (byte < 0x80) {
        if (minimal && byte === 0 && i > at) return fail('a length of more bytes than it needs', i)
        return lengthRead(length, i + 1)
      }
      if (i === at + widest - 1) return fail(`a length of more than ${bytesOf(widest)}`, i)
    }
  },
  size: (length) => {
    const size = varintBytes(length)
    return size <= widest ? size : `its length of ${String(length)} does not fit ${bytesOf(widest)}`
  },
  write: (length, out) => {
    let rest = length
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) out.byte((rest % 128) | 0x80)
    out.byte(rest)
  },
})

export const bytesOf = (count: number): string => `${String(count)} byte${count === 1 ? '' : 's'}`

const varintBytes = (length: number): number => {
  let size = 1
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 128)) size++
  return size
}
