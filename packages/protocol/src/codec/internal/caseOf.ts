import type { StructLayout } from '../binary/layout.ts'
import type { AnyStruct } from '../binary/struct.ts'
import { WrongOption } from '../../errors.ts'
import { partOf } from './binaryCodec.ts'
import type { Part } from './part.ts'
import { fixedPart } from './part.ts'
import { structPart } from './structPart.ts'

/** One of the structs of a variant. */
export interface Case {
  readonly name: string
  readonly tag: unknown
  readonly part: Part
  readonly layout: StructLayout
}

/** A struct whose values bear a name, which takes no byte: it is the tag that tells. */
export const caseOf = (key: string, name: string, tag: unknown, struct: AnyStruct): Case => {
  const { layout } = partOf('variant()', name, struct)
  const { fields } = struct as Partial<AnyStruct>
  if (fields === undefined || layout._tag !== 'Struct') {
    throw new WrongOption('variant()', name, struct.name, 'a struct()')
  }
  if (Object.hasOwn(fields, key)) throw new WrongOption('variant()', name, key, 'fields of other names than the key')
  const label = fixedPart({ layout, size: 0, readAt: () => name, writeAt: () => undefined })
  const parts = Object.entries(fields).map(([one, codec]) => ({ name: one, part: partOf('variant()', one, codec) }))
  return { name, tag, layout, part: structPart('variant()', [{ name: key, part: label }, ...parts]) }
}
