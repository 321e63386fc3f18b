import { fail, need } from '../framing/step.ts'
import { firstDifference } from './lengthStep.ts'
import type { Prefix } from './prefixed.ts'
import { lengthRead } from './prefixed.ts'

/** A length in digits, and what stands behind it. */
export interface DigitRules {
  readonly radix: 10 | 16
  /** How many digits there are; 0 is as many as it takes. */
  readonly width: number
  readonly separator: Uint8Array
  readonly empty: boolean
}

/** As many digits as every number below 2^53 allows. */
export const mostDigits = (radix: 10 | 16): number => (radix === 10 ? 15 : 13)

/** What a byte counts as a digit, or -1. */
export const digitValue = (byte: number, radix: 10 | 16): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return radix === 16 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Reads digits one by one: what they say is known at the first byte that is none, or wrong. */
export const digitPrefix = (rules: DigitRules): Prefix => {
  const { radix, width, separator, empty } = rules
  const most = width === 0 ? mostDigits(radix) : width
  return {
    read: (bytes, start) => {
      let length = 0
      let at = start
      for (; width === 0 || at < start + width; at++) {
        const byte = bytes[at]
        if (byte === undefined) return need(at + 1, 'header')
        const digit = digitValue(byte, radix)
        if (digit === -1 && (width > 0 || at === start)) return fail('something that is no digit in a length', at)
        if (digit === -1) break
        if (at === start + most) return fail(`a length of more than ${String(most)} digits`, at)
        if (width === 0 && at > start && length === 0) return fail('a length with a leading zero', at)
        length = length * radix + digit
      }
      if (!empty && length === 0) return fail('a length of zero', at - 1)
      const wrong = firstDifference(separator, bytes, at)
      if (wrong !== -1) return fail('the wrong byte behind a length', wrong)
      const end = at + separator.length
      return bytes.length < end ? need(bytes.length + 1, 'header') : lengthRead(length, end)
    },
    size: (length) => {
      if (!empty && length === 0) return 'it is empty'
      const digits = length.toString(radix).length
      if (digits > most)
        return `its length of ${String(length)} does not fit ${String(most)} digit${most === 1 ? '' : 's'}`
      return (width === 0 ? digits : width) + separator.length
    },
    write: (length, out) => {
      const digits = length.toString(radix).padStart(width, '0')
      for (let i = 0; i < digits.length; i++) out.byte(digits.charCodeAt(i))
      if (separator.length > 0) out.bytes(separator)
    },
  }
}
