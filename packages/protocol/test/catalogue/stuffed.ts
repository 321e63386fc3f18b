import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import type { CobsOptions } from '../../src/framing/cobs.ts'
import { COBS_DEFAULTS, cobs } from '../../src/framing/cobs.ts'
import type { SlipOptions } from '../../src/framing/slip.ts'
import { SLIP_DEFAULTS, slip } from '../../src/framing/slip.ts'
import { entry, limitsFrom, oneOf } from './entry.ts'

const bytesOf = (...values: readonly number[]): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.oneof(oneOf(...values), fc.nat({ max: 255 })), { maxLength: 16 }).map((all) => Uint8Array.from(all))

/** A block of 254 bytes without a zero is where COBS counts anew. */
const around254 = fc
  .record({ length: fc.integer({ min: 250, max: 260 }), zeros: fc.array(fc.nat({ max: 260 }), { maxLength: 2 }) })
  .map(({ length, zeros }) => Uint8Array.from({ length }, (_, i) => (zeros.includes(i) ? 0 : 1)))

export const cobsEntry = entry<CobsOptions, Uint8Array, Uint8Array>({
  name: 'cobs',
  about: 'bytes with their zeros coded away, then a zero',
  source: 'Cheshire and Baker, 1999',
  options: {
    emptyFrames: { default: COBS_DEFAULTS.emptyFrames, drawn: oneOf('fail', 'skip') },
    maxFrameBytes: { default: COBS_DEFAULTS.maxFrameBytes, drawn: limitsFrom(6) },
  },
  build: (options) => cobs(options),
  behaviour: (options) => ({
    message: fc.oneof({ weight: 6, arbitrary: bytesOf(0, 1, 255) }, around254),
    hostile: bytesOf(0, 1, 2, 3, 255),
    maxFrameBytes: options.maxFrameBytes ?? COBS_DEFAULTS.maxFrameBytes,
    sized: {
      protocol: (maxFrameBytes) => cobs({ ...options, maxFrameBytes }),
      // a zero costs the byte it takes, so that there is a message for every size
      message: (bytes) => new Uint8Array(bytes - 2),
      from: 2,
    },
  }),
})

const LEADING =
  'not with `leadingEnd`: the END in front belongs to no frame; behind it is a border, and the decoder does not count it'

export const slipEntry = entry<SlipOptions, Uint8Array, Uint8Array>({
  name: 'slip',
  about: 'bytes with their ENDs escaped, then an END',
  source: 'RFC 1055',
  options: {
    emptyFrames: { default: SLIP_DEFAULTS.emptyFrames, drawn: oneOf('skip', 'frame') },
    leadingEnd: { default: SLIP_DEFAULTS.leadingEnd, drawn: oneOf(true, false) },
    maxFrameBytes: { default: SLIP_DEFAULTS.maxFrameBytes, drawn: limitsFrom(6) },
  },
  build: (options) => slip(options),
  behaviour: (options) => ({
    message: bytesOf(0xc0, 0xdb, 0xdc, 0xdd),
    hostile: bytesOf(0xc0, 0xdb, 0xdc, 0xdd),
    refused: hostileBytes(30),
    maxFrameBytes: options.maxFrameBytes ?? SLIP_DEFAULTS.maxFrameBytes,
    sized: {
      protocol: (maxFrameBytes) => slip({ ...options, maxFrameBytes }),
      message: (bytes) => new Uint8Array(bytes - (options.leadingEnd === true ? 2 : 1)),
      from: 3,
    },
    ...(options.leadingEnd === true ? { except: ['truncation', 'unreadBytes', 'limits'] as const } : {}),
  }),
  exempt: { truncation: LEADING, unreadBytes: LEADING, limits: LEADING },
})
