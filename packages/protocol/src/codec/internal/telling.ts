import type { AnyBinary } from '../binary/binary.ts'
import type { FieldRef, Layout } from '../binary/layout.ts'
import { partOf } from './binaryCodec.ts'
import { brief } from './brief.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import { refOf, referred } from './reference.ts'

/** What tells whether something is there, or which it is: a value in front of it, or an earlier field. */
export interface Telling {
  readonly layout: Layout | FieldRef
  readonly minBytes: number
  readonly maxBytes: number
  readonly needs: ReadonlyArray<string>
  readonly read: (input: Input) => unknown
  /** Writes the value, or sees that the field says it. */
  readonly write: (output: Output, value: unknown) => void
}

/** A flag or a tag, or `WrongOption`. */
export const tellingOf = (where: string, option: string, given: AnyBinary | FieldRef): Telling => {
  const ref = refOf(given)
  // what is no reference is a codec, or nothing that will do
  if (ref === null) return { ...partOf(where, option, given as AnyBinary) }
  return {
    layout: ref,
    minBytes: 0,
    maxBytes: 0,
    needs: [ref.path[0]],
    read: (input) => referred(input.scope, ref),
    write: (output, value) => {
      const said = referred(output.scope, ref)
      if (said !== value) output.fail(output.at, `${brief(said)}, as field '${ref.path.join('.')}' says`, brief(value))
    },
  }
}
