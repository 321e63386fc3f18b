import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief, byteCount } from '../internal/brief.ts'
import type { Input } from '../internal/input.ts'
import type { Output } from '../internal/output.ts'
import { dynamicPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/** As many bytes as 2^53 - 1 takes, seven bits each. */
const MOST_BYTES = 8

const readVarint = (input: Input): number | undefined => {
  const { at: from, view } = input
  let value = 0
  let weight = 1
  for (let at = from; at < input.end; at++) {
    const byte = view.getUint8(at)
    value += (byte & 0x7f) * weight
    weight *= 128
    if (byte < 0x80) {
      if (byte === 0 && at > from) return input.fail(at, 'a number in as few bytes as it needs', 'one more')
      if (value > Number.MAX_SAFE_INTEGER) return input.fail(at, 'a number up to 2^53 - 1', 'more')
      input.at = at + 1
      return value
    }
    if (at === from + MOST_BYTES - 1) return input.fail(at, `a number of ${byteCount(MOST_BYTES)} at most`, 'more')
  }
  return input.fail(input.end, byteCount(1), '0')
}

const writeVarint = (output: Output, value: number): void => {
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) writeByte(output, (rest % 128) | 0x80)
  writeByte(output, rest)
}

const writeByte = (output: Output, byte: number): void => {
  // to make room may move what there is: only then the view is the right one
  const at = output.reserve(1)
  output.view.setUint8(at, byte)
}

/** Whole numbers from `least` to `most`, as others that are not negative. */
const varintOf = (
  name: string,
  least: number,
  most: number,
  to: (raw: number) => number,
  from: (value: number) => number,
): Binary<number> =>
  binaryCodec<number>(
    dynamicPart({
      layout: { _tag: 'Varint', name, least, most },
      minBytes: 1,
      maxBytes: MOST_BYTES,
      read: (input) => {
        const raw = readVarint(input)
        return raw === undefined ? undefined : to(raw)
      },
      write: (output, value) => {
        if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
          writeVarint(output, from(value))
        } else output.fail(output.at, `a whole number from ${String(least)} to ${String(most)}`, brief(value))
      },
    }),
  )

/**
 * A whole number from 0 to 2^53 - 1 in one to eight bytes: LEB128, seven bits a byte, the least significant first, the
 * highest bit of all but the last byte set. A number in more bytes than it needs is refused: there is one way to say it.
 *
 * ```
 *  05 ⇄ 5        ac 02 ⇄ 300        85 00 ▶ Invalid
 * ```
 */
export const varint = varintOf(
  'varint',
  0,
  Number.MAX_SAFE_INTEGER,
  (raw) => raw,
  (value) => value,
)

/**
 * A whole number from -2^52 to 2^52 - 1 as a {@link varint}, small ones short on both sides of zero.
 *
 * ```
 *  00 ⇄ 0     01 ⇄ -1     02 ⇄ 1     03 ⇄ -2
 * ```
 */
export const zigzag = varintOf(
  'zigzag',
  -(2 ** 52),
  2 ** 52 - 1,
  (raw) => (raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2),
  (value) => (value >= 0 ? 2 * value : -2 * value - 1),
)
