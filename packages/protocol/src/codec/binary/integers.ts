import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import type { Input } from '../internal/input.ts'
import type { Output } from '../internal/output.ts'
import { fixedPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

type Get<N> = (input: Input, at: number) => N
type Put<N> = (view: DataView, at: number, value: N) => void

/** A `number` of up to 6 bytes; anything but a whole number that fits is refused. */
const whole = (name: string, bytes: number, signed: boolean, readAt: Get<number>, put: Put<number>): Binary<number> => {
  const least = signed ? -(2 ** (8 * bytes - 1)) : 0
  const most = 2 ** (8 * bytes - (signed ? 1 : 0)) - 1
  const writeAt = (output: Output, at: number, value: unknown): void => {
    if (typeof value === 'number' && value >= least && value <= most && Math.floor(value) === value) {
      put(output.view, at, value)
    } else output.fail(at, wholeFrom(least, most), brief(value))
  }
  return binaryCodec<number>(
    fixedPart({ layout: { _tag: 'Integer', name, bytes, least, most }, size: bytes, readAt, writeAt }),
  )
}

/** A `bigint` of 8 bytes. */
const long = (name: string, signed: boolean, readAt: Get<bigint>, put: Put<bigint>): Binary<bigint> => {
  const least = signed ? -(1n << 63n) : 0n
  const most = signed ? (1n << 63n) - 1n : (1n << 64n) - 1n
  const writeAt = (output: Output, at: number, value: unknown): void => {
    if (typeof value === 'bigint' && value >= least && value <= most) put(output.view, at, value)
    else output.fail(at, `${wholeFrom(least, most)} as a bigint`, brief(value))
  }
  return binaryCodec<bigint>(
    fixedPart({ layout: { _tag: 'Integer', name, bytes: 8, least, most }, size: 8, readAt, writeAt }),
  )
}

const wholeFrom = (least: number | bigint, most: number | bigint): string =>
  `a whole number from ${String(least)} to ${String(most)}`

/** One byte, unsigned. The numbers without `le` have their most significant byte first, as networks do. */
export const u8 = whole('u8', 1, false, (i, at) => i.view.getUint8(at), (v, at, n) => v.setUint8(at, n)) // prettier-ignore
/** Two bytes, unsigned, the most significant first. */
export const u16 = whole('u16', 2, false, (i, at) => i.view.getUint16(at), (v, at, n) => v.setUint16(at, n)) // prettier-ignore
/** Two bytes, unsigned, the least significant first. */
export const u16le = whole('u16le', 2, false, (i, at) => i.view.getUint16(at, true), (v, at, n) => v.setUint16(at, n, true)) // prettier-ignore
/** Three bytes, unsigned, the most significant first. */
export const u24 = whole(
  'u24',
  3,
  false,
  (i, at) => (i.view.getUint16(at) << 8) | i.view.getUint8(at + 2),
  (v, at, n) => {
    v.setUint16(at, n >>> 8)
    v.setUint8(at + 2, n)
  },
)
/** Three bytes, unsigned, the least significant first. */
export const u24le = whole(
  'u24le',
  3,
  false,
  (i, at) => i.view.getUint16(at, true) | (i.view.getUint8(at + 2) << 16),
  (v, at, n) => {
    v.setUint16(at, n, true)
    v.setUint8(at + 2, n >>> 16)
  },
)
/** Four bytes, unsigned, the most significant first. */
export const u32 = whole('u32', 4, false, (i, at) => i.view.getUint32(at), (v, at, n) => v.setUint32(at, n)) // prettier-ignore
/** Four bytes, unsigned, the least significant first. */
export const u32le = whole('u32le', 4, false, (i, at) => i.view.getUint32(at, true), (v, at, n) => v.setUint32(at, n, true)) // prettier-ignore
/** Eight bytes, unsigned, the most significant first: a `bigint`. */
export const u64 = long('u64', false, (i, at) => i.view.getBigUint64(at), (v, at, n) => v.setBigUint64(at, n)) // prettier-ignore
/** Eight bytes, unsigned, the least significant first: a `bigint`. */
export const u64le = long('u64le', false, (i, at) => i.view.getBigUint64(at, true), (v, at, n) => v.setBigUint64(at, n, true)) // prettier-ignore

/** One byte, signed. */
export const i8 = whole('i8', 1, true, (i, at) => i.view.getInt8(at), (v, at, n) => v.setInt8(at, n)) // prettier-ignore
/** Two bytes, signed, the most significant first. */
export const i16 = whole('i16', 2, true, (i, at) => i.view.getInt16(at), (v, at, n) => v.setInt16(at, n)) // prettier-ignore
/** Two bytes, signed, the least significant first. */
export const i16le = whole('i16le', 2, true, (i, at) => i.view.getInt16(at, true), (v, at, n) => v.setInt16(at, n, true)) // prettier-ignore
/** Three bytes, signed, the most significant first. */
export const i24 = whole(
  'i24',
  3,
  true,
  (i, at) => (i.view.getInt16(at) << 8) | i.view.getUint8(at + 2),
  (v, at, n) => {
    v.setInt16(at, n >> 8)
    v.setUint8(at + 2, n)
  },
)
/** Three bytes, signed, the least significant first. */
export const i24le = whole(
  'i24le',
  3,
  true,
  (i, at) => i.view.getUint16(at, true) | (i.view.getInt8(at + 2) << 16),
  (v, at, n) => {
    v.setUint16(at, n, true)
    v.setInt8(at + 2, n >> 16)
  },
)
/** Four bytes, signed, the most significant first. */
export const i32 = whole('i32', 4, true, (i, at) => i.view.getInt32(at), (v, at, n) => v.setInt32(at, n)) // prettier-ignore
/** Four bytes, signed, the least significant first. */
export const i32le = whole('i32le', 4, true, (i, at) => i.view.getInt32(at, true), (v, at, n) => v.setInt32(at, n, true)) // prettier-ignore
/** Eight bytes, signed, the most significant first: a `bigint`. */
export const i64 = long('i64', true, (i, at) => i.view.getBigInt64(at), (v, at, n) => v.setBigInt64(at, n)) // prettier-ignore
/** Eight bytes, signed, the least significant first: a `bigint`. */
export const i64le = long('i64le', true, (i, at) => i.view.getBigInt64(at, true), (v, at, n) => v.setBigInt64(at, n, true)) // prettier-ignore
