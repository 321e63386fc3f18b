import type { AnyBinary } from '../binary/binary.ts'
import type { IntegerLayout } from '../binary/layout.ts'
import { WrongOption } from '../../errors.ts'
import { partOf } from './binaryCodec.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'

/** An unsigned number of up to four bytes, whose bits mean something each. */
export interface Carrier {
  readonly layout: IntegerLayout
  readonly size: number
  readonly bits: number
  readonly readAt: (input: Input, at: number) => number
  readonly writeAt: (output: Output, at: number, value: number) => void
}

/** Such a number, or `WrongOption`. */
export const carrierOf = (where: string, codec: AnyBinary): Carrier => {
  const part = partOf(where, 'number', codec)
  const { layout } = part
  if (layout._tag === 'Integer' && part.size !== null && layout.least === 0 && layout.bytes <= 4) {
    const { readAt } = part
    return {
      layout,
      size: part.size,
      bits: 8 * part.size,
      readAt: (i, at) => readAt(i, at) as number,
      writeAt: part.writeAt,
    }
  }
  throw new WrongOption(where, 'number', codec, 'an unsigned number of up to four bytes: u8, u16, u24, u32')
}

/** The names of a record that makes objects: at least one, and none that an object would not keep in its place. */
export const namesOf = (where: string, option: string, record: object): ReadonlyArray<string> => {
  const names = Object.keys(record)
  for (const name of names) {
    if (name === '__proto__' || /^\d+$/.test(name))
      throw new WrongOption(where, option, name, 'names that are no numbers, and not __proto__')
  }
  return names
}
