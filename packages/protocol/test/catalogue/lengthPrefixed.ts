import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import type { LengthPrefixedOptions } from '../../src/framing/lengthOptions.ts'
import { LENGTH_PREFIXED_DEFAULTS, lengthPrefixed } from '../../src/framing/lengthPrefixed.ts'
import { writeUint } from '../../src/internal/uint.ts'
import { byteQueue } from '../../src/index.ts'
import { entry, limitsFrom, oneOf } from './entry.ts'

const sum = (bytes: Uint8Array): number => bytes.reduce((all, byte) => (all * 31 + byte) % 2 ** 32, 7)

const NOTHING = new Uint8Array(0)

/** The layout of a frame under those options, worked out a second time. */
const layout = (options: LengthPrefixedOptions) => {
  const { width, endian, lengthIncludes, adjustment, strip } = { ...LENGTH_PREFIXED_DEFAULTS, ...options }
  const { magic = NOTHING, trailer } = options
  const offset = options.offset ?? magic.length
  const behind = trailer === undefined ? 0 : 'bytes' in trailer ? trailer.bytes.length : trailer.width
  const least = offset + width + behind
  const uncounted = { payload: least, rest: least - behind, self: offset, frame: 0 }[lengthIncludes]
  const little = endian === 'little'
  const whole = (front: Uint8Array, payload: Uint8Array): Uint8Array => {
    const out = byteQueue()
    const length = least + payload.length - uncounted - adjustment
    out.bytes(Buffer.concat([magic, front.subarray(0, offset - magic.length)]))
    if (length >= 0 && length < 256 ** width) writeUint(out, length, width, little)
    out.bytes(payload)
    if (trailer !== undefined && 'bytes' in trailer) out.bytes(trailer.bytes)
    else if (trailer !== undefined) {
      const before = out.take()
      out.bytes(before)
      const value = trailer.checksum(trailer.covers === 'frame' ? before : payload)
      writeUint(out, value % 256 ** trailer.width, trailer.width, little)
    }
    return out.take()
  }
  /** What of a frame is the message. */
  const message = (frame: Uint8Array): Uint8Array =>
    frame.subarray(
      strip === 'both' || strip === 'header' ? offset + width : 0,
      strip === 'both' || strip === 'trailer' ? frame.length - behind : frame.length,
    )
  const from = Math.max(least, uncounted + adjustment)
  return { least, from, fits: from + 301 - uncounted - adjustment < 256 ** width, whole, message }
}

const trailers = fc.oneof(
  fc.record({ bytes: oneOf(NOTHING, Uint8Array.of(0x0a), Uint8Array.of(0xce, 0x00)) }),
  fc.record(
    { checksum: fc.constant(sum), width: oneOf<1 | 2 | 3 | 4 | 6>(1, 2, 3, 4, 6), covers: oneOf('payload', 'frame') },
    { requiredKeys: ['checksum', 'width'] },
  ),
)

export const lengthPrefixedEntry = entry<LengthPrefixedOptions, Uint8Array, Uint8Array>({
  name: 'lengthPrefixed',
  about: 'a binary length, then that many bytes',
  options: {
    width: { default: LENGTH_PREFIXED_DEFAULTS.width, drawn: oneOf(1, 2, 3, 4, 6, 8) },
    endian: { default: LENGTH_PREFIXED_DEFAULTS.endian, drawn: oneOf('big', 'little') },
    offset: {
      default: LENGTH_PREFIXED_DEFAULTS.offset,
      drawn: fc.integer({ min: 0, max: 4 }),
      says: 'bytes of `magic`, else 0',
    },
    magic: { default: undefined, drawn: oneOf(Uint8Array.of(0xca, 0xfe), Uint8Array.of(0)) },
    lengthIncludes: {
      default: LENGTH_PREFIXED_DEFAULTS.lengthIncludes,
      drawn: oneOf('payload', 'rest', 'self', 'frame'),
    },
    adjustment: { default: LENGTH_PREFIXED_DEFAULTS.adjustment, drawn: fc.integer({ min: -3, max: 3 }) },
    strip: { default: LENGTH_PREFIXED_DEFAULTS.strip, drawn: oneOf('both', 'header', 'trailer', 'none') },
    trailer: { default: undefined, drawn: trailers },
    maxFrameBytes: { default: LENGTH_PREFIXED_DEFAULTS.maxFrameBytes, drawn: limitsFrom(24) },
  },
  build: (options) => lengthPrefixed(options),
  behaviour: (options) => {
    const { least, from, fits, whole, message } = layout(options)
    const front = fc.uint8Array({ minLength: 4, maxLength: 4 })
    return {
      message: fc.tuple(front, hostileBytes(12)).map((parts) => message(whole(...parts))),
      refused: hostileBytes(12),
      maxFrameBytes: options.maxFrameBytes ?? LENGTH_PREFIXED_DEFAULTS.maxFrameBytes,
      ...(fits
        ? {
            sized: {
              protocol: (maxFrameBytes: number) => lengthPrefixed({ ...options, maxFrameBytes }),
              message: (bytes: number) => message(whole(new Uint8Array(4), new Uint8Array(bytes - least))),
              from,
            },
          }
        : {}),
    }
  },
  exempt: {
    limits: 'not with a length of one byte, which cannot say the sizes that are tried: its border is tested by hand',
  },
})
