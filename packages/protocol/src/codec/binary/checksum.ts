import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { carrierOf } from '../internal/carrier.ts'
import type { FixedPart } from '../internal/part.ts'
import { dynamicPart } from '../internal/part.ts'
import { reasonOf } from '../internal/reason.ts'
import type { Binary } from './binary.ts'

/**
 * Something with a number behind it that is computed from its bytes, by a function of yours or of a library. The value is
 * that of what it covers; the number is written, and compared when it is read.
 *
 * ```
 *  checksum(u8, xor, bytes(rest))        01 02 03   ⇄   01 02
 * ```
 *
 * Only as many of the lowest bits of what the function answers count as the number has. It must be pure.
 * Throws `WrongOption` where the number is none of `u8`, `u16`, `u24`, `u32` and their `le`.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const xor = (bytes: Uint8Array) => bytes.reduce((all, byte) => all ^ byte, 0)
 * const checked = binary.checksum(binary.u8, xor, binary.bytes(binary.rest))
 * console.log(checked.encode(Uint8Array.of(1, 2))) // { _tag: 'Right', right: Uint8Array(3) [ 1, 2, 3 ] }
 * const wrong = checked.decode(Uint8Array.of(1, 2, 4))
 * console.log(wrong._tag === 'Left' ? wrong.left.issues[0]?.message : '') // expected the checksum 3, got 4
 * ```
 */
export const checksum = <A, B>(
  number: Binary<number>,
  of: (bytes: Uint8Array) => number,
  codec: Binary<A, B>,
): Binary<A, B> => {
  const carrier = carrierOf('checksum()', number)
  const part = partOf('checksum()', 'codec', codec)
  const sumOf = sum(of, carrier.bits)
  return binaryCodec<A, B>(
    dynamicPart({
      layout: { _tag: 'Checksum', sum: carrier.layout, of: part.layout },
      minBytes: part.minBytes + carrier.size,
      maxBytes: part.maxBytes + carrier.size,
      open: part.open,
      needs: part.needs,
      read: (input) => {
        const { at: from, end } = input
        if (part.open) input.end = Math.max(from, end - carrier.size)
        const value = part.read(input)
        input.end = end
        if (input.failure !== null || !input.has(carrier.size)) return undefined
        const { at } = input
        const said = carrier.readAt(input, at)
        input.at += carrier.size
        const expected = sumOf(input.viewOf(from, at))
        if (said !== expected) input.fail(at, `the checksum ${String(expected)}`, String(said))
        return value
      },
      write: (output, value) => {
        const from = output.length
        part.write(output, value)
        if (output.failure !== null) return
        const expected = sumOf(output.written(from))
        const at = output.reserve(carrier.size)
        if (typeof expected === 'number') carrier.writeAt(output, at, expected)
        else output.fail(at, 'a checksum', expected)
      },
    }),
  )
}

/** The number, or what is wrong with the function. */
const sum =
  (of: (bytes: Uint8Array) => number, bits: FixedPart['size']) =>
  (bytes: Uint8Array): number | string => {
    try {
      const all = of(bytes)
      return Number.isSafeInteger(all) ? Number(BigInt.asUintN(bits, BigInt(all))) : brief(all)
    } catch (cause) {
      return reasonOf(cause)
    }
  }
