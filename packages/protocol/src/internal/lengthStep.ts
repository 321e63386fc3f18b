import type { Step, StepResult } from '../framing/step.ts'
import { fail, frame, need } from '../framing/step.ts'
import type { LengthRules } from './lengthRules.ts'
import { keepsHeader, keepsTrailer } from './lengthRules.ts'
import { readUint } from './uint.ts'

/** A length, then that many bytes, plainly: the definition the fast path is held to. */
export const lengthStep = (rules: LengthRules): Step<Uint8Array> => {
  const { header, magic, offset, width, little, extra } = rules
  const least = header + rules.trailer.bytes
  const from = keepsHeader(rules) ? 0 : header
  const cut = keepsTrailer(rules) ? 0 : rules.trailer.bytes
  return (bytes) => {
    const wrong = firstDifference(magic, bytes, 0)
    if (wrong !== -1) return fail('the wrong magic number', wrong)
    // the magic number byte by byte, so that a wrong one is found at the same byte however it is cut
    if (bytes.length < header) return need(bytes.length < magic.length ? bytes.length + 1 : header, 'header')
    const length = readUint(bytes, offset, width, little)
    // beyond 2^53 numbers have gaps: no arithmetic with those, they are over every limit
    if (length > Number.MAX_SAFE_INTEGER) return need(length, 'payload')
    const total = length + extra
    if (total < least) return fail(`a length of ${String(length)}, less than its own frame's header`, header - 1)
    if (bytes.length < total) return need(total, 'payload')
    return wrongTrailer(rules, bytes, total) ?? frame(bytes.subarray(from, total - cut), total)
  }
}

/** The first of the bytes at `at` that is not as expected, or -1; bytes that have not come are. */
export const firstDifference = (expected: Uint8Array, bytes: Uint8Array, at: number): number => {
  const end = Math.min(expected.length, bytes.length - at)
  for (let i = 0; i < end; i++) if (expected[i] !== bytes[at + i]) return at + i
  return -1
}

const wrongTrailer = (rules: LengthRules, bytes: Uint8Array, total: number): StepResult<never, never> | null => {
  const { trailer, header } = rules
  if (trailer.bytes === 0) return null
  const at = total - trailer.bytes
  const expected = trailer.of(bytes.subarray(0, at), header)
  const wrong = expected === null ? at : firstDifference(expected, bytes, at)
  return wrong === -1 ? null : fail(trailer.what, wrong)
}
