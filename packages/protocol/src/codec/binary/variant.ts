import { WrongOption } from '../../errors.ts'
import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { namesOf } from '../internal/carrier.ts'
import { dynamicPart } from '../internal/part.ts'
import type { Case } from '../internal/caseOf.ts'
import { caseOf } from '../internal/caseOf.ts'
import { tellingOf } from '../internal/telling.ts'
import type { Binary } from './binary.ts'
import type { FieldRef } from './layout.ts'
import type { AnyStruct, StructFields, StructInput, StructOutput } from './struct.ts'

/** The cases of a {@link variant}: what the tag is on the wire, and what stands behind it. */
export type VariantCases<T> = Readonly<Record<string, readonly [tag: T, codec: AnyStruct]>>

type FieldsOf<C> = C extends readonly [unknown, { readonly fields: infer F extends StructFields }] ? F : never

/** One type where there were two: easier to read in errors. */
type Joined<A> = { readonly [K in keyof A]: A[K] }

/** What a variant reads: one of its structs, with its name. */
export type VariantOutput<C extends VariantCases<unknown>, Key extends string> = {
  [K in keyof C]: Joined<Record<Key, K> & StructOutput<FieldsOf<C[K]>>>
}[keyof C]

/** What a variant writes. */
export type VariantInput<C extends VariantCases<unknown>, Key extends string> = {
  [K in keyof C]: Joined<Record<Key, K> & StructInput<FieldsOf<C[K]>>>
}[keyof C]

/** Options of {@link variant}. */
export interface VariantOptions<Key extends string> {
  /** The property that names the case. Default `_tag`. */
  readonly key?: Key
}

/**
 * One of several structs, told by a tag in front of it or by an earlier field: a discriminated union. The value
 * bears the name of its case, and its types are checked case by case; to check that no case of a union of yours is
 * missing, say so: `const message: Binary<Message> = variant(…)`.
 *
 * ```
 *  variant(u8, { ping: [1, struct({ at: u32 })], text: [2, struct({ text: utf8(u8) })] })
 *
 *  02 02 68 69   ⇄   { _tag: 'text', text: 'hi' }
 * ```
 *
 * A tag of no case is `Invalid`.
 * Throws `WrongOption` for two cases of one tag, and for a struct with a field of the property's name.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { struct, u32, u8, utf8, variant } = binary
 * const message = variant(u8, { ping: [1, struct({ at: u32 })], text: [2, struct({ text: utf8(u8) })] })
 * const read = message.decode(Uint8Array.of(2, 2, 0x68, 0x69))
 * if (read._tag === 'Right' && read.right._tag === 'text') console.log(read.right.text) // hi
 * ```
 */
export const variant = <T, const C extends VariantCases<T>, const Key extends string = '_tag'>(
  tag: Binary<T> | FieldRef,
  cases: C,
  options: VariantOptions<Key> = {},
): Binary<VariantOutput<C, Key>, VariantInput<C, Key>> => {
  const key: string = options.key ?? '_tag'
  const all = namesOf('variant()', 'cases', cases).map((name) => {
    const [value, codec] = cases[name] as C[string]
    return caseOf(key, name, value, codec)
  })
  const byTag = new Map<unknown, Case>(all.map((one) => [one.tag, one]))
  const byName = new Map<unknown, Case>(all.map((one) => [one.name, one]))
  if (byTag.size !== all.length) throw new WrongOption('variant()', 'cases', cases, 'a tag of its own for each case')
  const told = tellingOf('variant()', 'tag', tag)
  const parts = all.map(({ part }) => part)
  const tags = `one of ${all.map((one) => `${String(one.tag)} (${one.name})`).join(', ')}`
  const names = `one of ${all.map(({ name }) => name).join(', ')}`
  return binaryCodec<VariantOutput<C, Key>, VariantInput<C, Key>>(
    dynamicPart({
      layout: {
        _tag: 'Variant',
        key,
        tag: told.layout,
        cases: all.map(({ name, tag: value, layout }) => ({ name, tag: value, layout })),
      },
      minBytes: told.minBytes + Math.min(...parts.map((part) => part.minBytes)),
      maxBytes: told.maxBytes + Math.max(...parts.map((part) => part.maxBytes)),
      open: parts.some((part) => part.open),
      needs: [...told.needs, ...parts.flatMap(({ needs }) => needs)],
      read: (input) => {
        const { at } = input
        const value = told.read(input)
        if (input.failure !== null) return undefined
        const found = byTag.get(value)
        return found === undefined ? input.fail(at, tags, brief(value)) : found.part.read(input)
      },
      write: (output, value) => {
        const name = (value as Readonly<Record<string, unknown>> | null | undefined)?.[key]
        const found = byName.get(name)
        if (found === undefined) {
          output.fail(output.at, names, brief(name))
          return output.within(key)
        }
        told.write(output, found.tag)
        return output.failure === null ? found.part.write(output, value) : undefined
      },
    }),
  )
}
