import { WrongOption } from '../../errors.ts'
import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { dynamicPart } from '../internal/part.ts'
import { tellingOf } from '../internal/telling.ts'
import type { Binary } from './binary.ts'
import type { FieldRef } from './layout.ts'

/**
 * Something that may be missing, which a flag in front of it or an earlier field tells. What is missing is `undefined`.
 *
 * ```
 *  optional(bool, u16)        01 00 05 ⇄ 5        00 ⇄ undefined
 * ```
 *
 * Throws `WrongOption` for what has no value anyway.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { field, flags, optional, struct, u16, u8 } = binary
 * const packet = struct({ flags: flags(u8, { timed: 0 }), time: optional(field('flags.timed'), u16) })
 * console.log(packet.decode(Uint8Array.of(0))) // { _tag: 'Right', right: { flags: { timed: false }, time: undefined } }
 * ```
 */
export const optional = <A, B>(
  flag: Binary<boolean> | FieldRef,
  codec: Binary<A, B>,
): Binary<A | undefined, B | undefined> => {
  const part = partOf('optional()', 'codec', codec)
  if (part.silent) throw new WrongOption('optional()', 'codec', codec.name, 'something that has a value')
  const told = tellingOf('optional()', 'flag', flag)
  return binaryCodec<A | undefined, B | undefined>(
    dynamicPart({
      layout: { _tag: 'Optional', flag: told.layout, of: part.layout },
      minBytes: told.minBytes,
      maxBytes: told.maxBytes + part.maxBytes,
      open: part.open,
      needs: [...told.needs, ...part.needs],
      read: (input) => {
        const { at } = input
        const said = told.read(input)
        if (input.failure !== null) return undefined
        if (typeof said !== 'boolean') return input.fail(at, 'a flag, true or false', brief(said))
        return said ? part.read(input) : undefined
      },
      write: (output, value) => {
        told.write(output, value !== undefined)
        if (value !== undefined && output.failure === null) part.write(output, value)
      },
    }),
  )
}
