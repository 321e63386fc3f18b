import type * as E from 'fp-ts/lib/Either.js'
import { byteQueue } from '../byteQueue.ts'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import type { LengthRules } from './lengthRules.ts'
import { keepsHeader, keepsTrailer } from './lengthRules.ts'
import { firstDifference } from './lengthStep.ts'
import { NO_BYTES, notEncodable, overLimit } from './refusal.ts'
import { DONE } from './stepDecoder.ts'
import { readUint, writeUint } from './uint.ts'
import { bytesOf } from './varint.ts'

/** Puts on a frame what its decoder takes off, and refuses a message that brings the wrong one itself. */
export const lengthEncoder = (
  protocol: string,
  rules: LengthRules,
): ((message: Uint8Array, out: ByteWriter) => E.Either<EncodeError, void>) => {
  const { header, trailer, width, extra, maxFrameBytes: limit } = rules
  const lengths = 256 ** width
  const putsHeader = !keepsHeader(rules)
  const putsTrailer = trailer.bytes > 0 && !keepsTrailer(rules)
  const added = (putsHeader ? header : 0) + (putsTrailer ? trailer.bytes : 0)
  // the usual frame is a length and a payload: for sizes from `least` to `most` there is nothing to refuse
  const usual = putsHeader && trailer.bytes === 0 && rules.magic.length === 0 && width <= 6
  const least = usual ? Math.max(0, extra - header) : 1
  const most = usual ? Math.min(limit, lengths - 1 + extra) - header : 0
  return (message, out) => {
    if (message instanceof Uint8Array && message.length >= least && message.length <= most) {
      const length = message.length + header - extra
      if (rules.little) out.uintLE(length, width)
      else out.uintBE(length, width)
      out.bytes(message)
      return DONE
    }
    if (!(message instanceof Uint8Array)) return notEncodable(protocol, message, NO_BYTES)
    const total = message.length + added
    if (total > limit) return overLimit(limit, total, message)
    const length = total - extra
    const fits = total >= header + trailer.bytes && length >= 0 && length < lengths
    const wrong = fits ? (putsHeader ? null : wrongHeader(rules, message, length)) : wrongLength(rules, total, length)
    if (wrong !== null) return notEncodable(protocol, message, wrong)
    const end = trailer.bytes === 0 ? null : trailerOf(rules, message, length)
    if (typeof end === 'string') return notEncodable(protocol, message, end)
    if (putsHeader) putHeader(rules, length, out)
    out.bytes(message)
    if (putsTrailer && end !== null) out.bytes(end)
    return DONE
  }
}

const putHeader = ({ magic, width, little }: LengthRules, length: number, out: ByteWriter): void => {
  if (magic.length > 0) out.bytes(magic)
  writeUint(out, length, width, little)
}

const wrongLength = ({ header, trailer, width }: LengthRules, total: number, length: number): string => {
  if (total < header + trailer.bytes) return 'fewer bytes than its header and trailer take'
  if (length < 0) return `its length would be ${String(length)}`
  return `its length of ${String(length)} does not fit ${bytesOf(width)}`
}

/** What is wrong with the header a message brings, or null. */
const wrongHeader = (rules: LengthRules, message: Uint8Array, length: number): string | null => {
  if (firstDifference(rules.magic, message, 0) !== -1) return 'it has the wrong magic number'
  const said = readUint(message, rules.offset, rules.width, rules.little)
  return said === length ? null : `its header says ${String(said)}, where its length is ${String(length)}`
}

/** The trailer of a message, or what is wrong with the one it brings. */
const trailerOf = (rules: LengthRules, message: Uint8Array, length: number): Uint8Array | string => {
  const { trailer } = rules
  const content = keepsTrailer(rules) ? message.subarray(0, message.length - trailer.bytes) : message
  const lacksHeader = trailer.coversHeader && !keepsHeader(rules)
  const covered = lacksHeader ? withHeader(rules, content, length) : content
  const expected = trailer.of(covered, keepsHeader(rules) ? rules.header : 0)
  if (expected === null) return 'its checksum is no whole number'
  const wrong = keepsTrailer(rules) && firstDifference(expected, message, content.length) !== -1
  return wrong ? `it has ${trailer.what}` : expected
}

const withHeader = (rules: LengthRules, payload: Uint8Array, length: number): Uint8Array => {
  const whole = byteQueue()
  putHeader(rules, length, whole)
  whole.bytes(payload)
  return whole.take()
}
