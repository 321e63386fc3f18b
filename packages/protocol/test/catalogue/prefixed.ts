import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import type { BerPrefixedOptions } from '../../src/framing/berPrefixed.ts'
import { BER_PREFIXED_DEFAULTS, berPrefixed } from '../../src/framing/berPrefixed.ts'
import type { DecimalPrefixedOptions } from '../../src/framing/decimalPrefixed.ts'
import { DECIMAL_PREFIXED_DEFAULTS, decimalPrefixed } from '../../src/framing/decimalPrefixed.ts'
import type { VarintPrefixedOptions } from '../../src/framing/varintPrefixed.ts'
import { VARINT_PREFIXED_DEFAULTS, varintPrefixed } from '../../src/framing/varintPrefixed.ts'
import type { Protocol } from '../../src/index.ts'
import { byteQueue } from '../../src/index.ts'
import type { Behaviour } from './entry.ts'
import { entry, limitsFrom, oneOf } from './entry.ts'

interface Prefixed {
  /** The framing without bytes in front, whose messages are payloads. */
  readonly payloads: Protocol<Uint8Array>
  readonly limited: (maxFrameBytes: number) => Protocol<Uint8Array>
  readonly maxFrameBytes: number
  /** The least payload from which on 301 sizes have a length of as many bytes, or null. */
  readonly steady: number | null
  readonly offset?: number | undefined
  readonly strip?: 'header' | 'none' | undefined
}

const behaviour = (given: Prefixed): Behaviour<Uint8Array, Uint8Array> => {
  const { payloads, limited, maxFrameBytes, steady, offset = 0, strip = 'header' } = given
  const frame = (payload: Uint8Array): Uint8Array => {
    const out = byteQueue()
    payloads.encode(payload, out)
    return out.take()
  }
  const message = (front: Uint8Array, payload: Uint8Array): Uint8Array =>
    strip === 'none' ? Buffer.concat([front.subarray(0, offset), frame(payload)]) : payload
  const front = fc.uint8Array({ minLength: 4, maxLength: 4 })
  const payload = fc.oneof({ weight: 4, arbitrary: hostileBytes(12) }, hostileBytes(200))
  const from = steady === null ? null : offset + frame(new Uint8Array(steady)).length
  return {
    message: fc.tuple(front, payload).map((parts) => message(...parts)),
    refused: hostileBytes(12),
    maxFrameBytes,
    ...(from === null || steady === null
      ? {}
      : {
          sized: {
            protocol: limited,
            message: (bytes: number) => message(new Uint8Array(4), new Uint8Array(steady + bytes - from)),
            from,
          },
        }),
  }
}

const SHORT = { limits: 'not with lengths too short to say the sizes that are tried: their border is tested by hand' }

export const varintEntry = entry<VarintPrefixedOptions, Uint8Array, Uint8Array>({
  name: 'varintPrefixed',
  about: 'a length in seven bits a byte, then that many bytes',
  source: 'MQTT 5.0 section 1.5.5; DWARF 5 section 7.6',
  options: {
    maxLengthBytes: { default: VARINT_PREFIXED_DEFAULTS.maxLengthBytes, drawn: fc.integer({ min: 1, max: 8 }) },
    nonMinimal: { default: VARINT_PREFIXED_DEFAULTS.nonMinimal, drawn: oneOf('refuse', 'allow') },
    offset: { default: VARINT_PREFIXED_DEFAULTS.offset, drawn: fc.integer({ min: 0, max: 4 }) },
    strip: { default: VARINT_PREFIXED_DEFAULTS.strip, drawn: oneOf('header', 'none') },
    maxFrameBytes: { default: VARINT_PREFIXED_DEFAULTS.maxFrameBytes, drawn: limitsFrom(8) },
  },
  build: (options) => varintPrefixed(options),
  behaviour: ({ maxFrameBytes = VARINT_PREFIXED_DEFAULTS.maxFrameBytes, ...options }) =>
    behaviour({
      ...options,
      maxFrameBytes,
      payloads: varintPrefixed({ ...options, offset: 0, strip: 'header' }),
      limited: (limit) => varintPrefixed({ ...options, maxFrameBytes: limit }),
      steady: options.maxLengthBytes === 1 ? null : 128,
    }),
  exempt: SHORT,
})

export const berEntry = entry<BerPrefixedOptions, Uint8Array, Uint8Array>({
  name: 'berPrefixed',
  about: 'a length as BER writes it, then that many bytes',
  source: 'ITU-T X.690 section 8.1.3',
  options: {
    maxLengthBytes: { default: BER_PREFIXED_DEFAULTS.maxLengthBytes, drawn: fc.integer({ min: 1, max: 9 }) },
    nonMinimal: { default: BER_PREFIXED_DEFAULTS.nonMinimal, drawn: oneOf('allow', 'refuse') },
    offset: { default: BER_PREFIXED_DEFAULTS.offset, drawn: fc.integer({ min: 0, max: 4 }) },
    strip: { default: BER_PREFIXED_DEFAULTS.strip, drawn: oneOf('header', 'none') },
    maxFrameBytes: { default: BER_PREFIXED_DEFAULTS.maxFrameBytes, drawn: limitsFrom(8) },
  },
  build: (options) => berPrefixed(options),
  behaviour: ({ maxFrameBytes = BER_PREFIXED_DEFAULTS.maxFrameBytes, ...options }) =>
    behaviour({
      ...options,
      maxFrameBytes,
      payloads: berPrefixed({ ...options, offset: 0, strip: 'header' }),
      limited: (limit) => berPrefixed({ ...options, maxFrameBytes: limit }),
      steady: (options.maxLengthBytes ?? 5) < 3 ? null : 256,
    }),
  exempt: SHORT,
})

export const decimalEntry = entry<DecimalPrefixedOptions, Uint8Array, Uint8Array>({
  name: 'decimalPrefixed',
  about: 'a length in digits, then that many bytes',
  source: 'cr.yp.to/proto/netstrings.txt; RFC 6587 section 3.4.1',
  options: {
    radix: { default: DECIMAL_PREFIXED_DEFAULTS.radix, drawn: oneOf(10, 16) },
    width: { default: undefined, drawn: fc.integer({ min: 1, max: 5 }), says: 'as many digits as it needs' },
    separator: { default: DECIMAL_PREFIXED_DEFAULTS.separator, drawn: oneOf(':', ' ', '', '; ') },
    terminator: { default: DECIMAL_PREFIXED_DEFAULTS.terminator, drawn: oneOf(',', '', '\r\n') },
    empty: { default: DECIMAL_PREFIXED_DEFAULTS.empty, drawn: oneOf('allow', 'refuse') },
    maxFrameBytes: { default: DECIMAL_PREFIXED_DEFAULTS.maxFrameBytes, drawn: limitsFrom(12) },
  },
  build: (options) => decimalPrefixed(options),
  behaviour: ({ maxFrameBytes = DECIMAL_PREFIXED_DEFAULTS.maxFrameBytes, ...options }) => ({
    ...behaviour({
      maxFrameBytes,
      payloads: decimalPrefixed(options),
      limited: (limit) => decimalPrefixed({ ...options, maxFrameBytes: limit }),
      steady: options.width !== undefined && options.width < 3 ? null : 256,
    }),
    hostile: fc
      .array(oneOf('0', '1', '9', 'a', 'F', ':', ',', ' ', '-', '\r\n', '12:', '3:abc,'), { maxLength: 12 })
      .map((parts) => Uint8Array.from(Buffer.from(parts.join('')))),
  }),
  exempt: SHORT,
})
