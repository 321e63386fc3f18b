import { WrongOption } from '../../errors.ts'
import { wholeOption } from '../../internal/options.ts'
import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { carrierOf } from '../internal/carrier.ts'
import { fixedPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/**
 * A word for each of a few numbers. Any other number is `Invalid`.
 *
 * ```
 *  enumerated(u8, { red: 1, green: 2 })        02 ⇄ 'green'        03 ▶ Invalid: expected one of red, green, got 3
 * ```
 *
 * Throws `WrongOption` for two words of one number, and for a number that does not fit.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { enumerated, u8 } = binary
 * console.log(enumerated(u8, { red: 1, green: 2 }).decode(Uint8Array.of(2))) // { _tag: 'Right', right: 'green' }
 * ```
 */
export const enumerated = <K extends string>(number: Binary<number>, names: Readonly<Record<K, number>>): Binary<K> => {
  const carrier = carrierOf('enumerated()', number)
  const pairs = Object.keys(names).map((name) => {
    const value = wholeOption('enumerated()', name, names[name as K], 0, { least: 0, most: 2 ** carrier.bits - 1 })
    return [name, value] as const
  })
  const byNumber = new Map(pairs.map(([name, value]) => [value, name]))
  const byName = new Map<unknown, number>(pairs)
  if (byNumber.size !== pairs.length || pairs.length === 0) {
    throw new WrongOption('enumerated()', 'names', names, 'at least one name, each of a number of its own')
  }
  const expected = `one of ${pairs.map(([name]) => name).join(', ')}`
  return binaryCodec<K>(
    fixedPart({
      layout: { _tag: 'Enumerated', of: carrier.layout, names: pairs },
      size: carrier.size,
      readAt: (input, at) => {
        const value = carrier.readAt(input, at)
        return byNumber.get(value) ?? input.fail(at, expected, String(value))
      },
      writeAt: (output, at, name) => {
        const value = byName.get(name)
        if (value === undefined) output.fail(at, expected, brief(name))
        else carrier.writeAt(output, at, value)
      },
    }),
  )
}
