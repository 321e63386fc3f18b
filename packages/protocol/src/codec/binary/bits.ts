import { WrongOption } from '../../errors.ts'
import { wholeOption } from '../../internal/options.ts'
import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { carrierOf, namesOf } from '../internal/carrier.ts'
import { fixedPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/** A few of the bits of a number. */
interface Slice {
  readonly name: string
  readonly shift: number
  readonly most: number
}

/**
 * An unsigned number cut into smaller ones, from its most significant bit down, as the tables of RFCs draw them. The
 * widths make up the number.
 *
 * ```
 *  bits(u8, { version: 4, headerWords: 4 })        45 ⇄ { version: 4, headerWords: 5 }
 * ```
 *
 * Throws `WrongOption` where the widths do not make up the number.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { bits, u8 } = binary
 * console.log(bits(u8, { version: 4, words: 4 }).decode(Uint8Array.of(0x45))) // { _tag: 'Right', right: { version: 4, words: 5 } }
 * ```
 */
export const bits = <K extends string>(
  number: Binary<number>,
  widths: Readonly<Record<K, number>>,
): Binary<Readonly<Record<K, number>>> => {
  const carrier = carrierOf('bits()', number)
  const pairs = namesOf('bits()', 'widths', widths).map((name) => [name, widths[name as K]] as const)
  let shift = carrier.bits
  const slices = pairs.map(([name, width]): Slice => {
    shift -= wholeOption('bits()', name, width, 0, { least: 1, most: carrier.bits })
    return { name, shift, most: 2 ** width - 1 }
  })
  if (shift !== 0) throw new WrongOption('bits()', 'widths', widths, `widths of ${String(carrier.bits)} bits together`)
  return binaryCodec<Readonly<Record<K, number>>>(
    fixedPart({
      layout: { _tag: 'Bits', of: carrier.layout, widths: pairs },
      size: carrier.size,
      readAt: (input, at) => {
        const all = carrier.readAt(input, at)
        const value: Record<string, number> = {}
        for (const slice of slices) value[slice.name] = ((all >>> slice.shift) & slice.most) >>> 0
        return value
      },
      writeAt: (output, at, value) => {
        let all = 0
        for (const { name, shift: from, most } of slices) {
          const one: unknown = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name]
          if (typeof one !== 'number' || !Number.isInteger(one) || one < 0 || one > most) {
            output.fail(at, `a whole number from 0 to ${String(most)}`, brief(one), from)
            output.within(name)
            return
          }
          all |= one << from
        }
        carrier.writeAt(output, at, all >>> 0)
      },
    }),
  )
}
