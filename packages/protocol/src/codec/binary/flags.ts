import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { carrierOf, namesOf } from '../internal/carrier.ts'
import { fixedPart } from '../internal/part.ts'
import { choiceOption, wholeOption } from '../../internal/options.ts'
import type { Binary } from './binary.ts'

/** Options of {@link flags}. */
export interface FlagsOptions {
  /** What a bit without a name is: `Invalid` (`refuse`, the default), or nothing, and not written again (`ignore`). */
  readonly unknown?: 'refuse' | 'ignore'
}

/**
 * Bits that are true or false each, by the number of the bit in an unsigned number: 0 is the least significant.
 *
 * ```
 *  flags(u8, { fin: 0, ack: 4 })        11 ⇄ { fin: true, ack: true }
 * ```
 *
 * Throws `WrongOption` for a bit the number has not.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { flags, u8 } = binary
 * console.log(flags(u8, { fin: 0, ack: 4 }).decode(Uint8Array.of(0x10))) // { _tag: 'Right', right: { fin: false, ack: true } }
 * ```
 */
export const flags = <K extends string>(
  number: Binary<number>,
  bits: Readonly<Record<K, number>>,
  options: FlagsOptions = {},
): Binary<Readonly<Record<K, boolean>>> => {
  const carrier = carrierOf('flags()', number)
  const strict = choiceOption('flags()', 'unknown', options.unknown, ['refuse', 'ignore']) === 'refuse'
  const places = namesOf('flags()', 'bits', bits).map((name) => {
    const bit = wholeOption('flags()', name, bits[name as K], 0, { least: 0, most: carrier.bits - 1 })
    return [name, bit] as const
  })
  const known = places.reduce((mask, [, bit]) => mask | (1 << bit), 0)
  return binaryCodec<Readonly<Record<K, boolean>>>(
    fixedPart({
      layout: { _tag: 'Flags', of: carrier.layout, bits: places },
      size: carrier.size,
      readAt: (input, at) => {
        const all = carrier.readAt(input, at)
        const unknown = all & ~known
        if (strict && unknown !== 0) {
          input.fail(at, 'only bits that have a name', 'another', 31 - Math.clz32(unknown & -unknown))
        }
        const value: Record<string, boolean> = {}
        for (const [name, bit] of places) value[name] = ((all >>> bit) & 1) === 1
        return value
      },
      writeAt: (output, at, value) => {
        let all = 0
        for (const [name, bit] of places) {
          const flag: unknown = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name]
          if (flag === true) all |= 1 << bit
          else if (flag !== false) {
            output.fail(at, 'true or false', brief(flag), bit)
            output.within(name)
            return
          }
        }
        carrier.writeAt(output, at, all >>> 0)
      },
    }),
  )
}
