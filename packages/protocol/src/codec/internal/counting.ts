import type { AnyBinary } from '../binary/binary.ts'
import type { Count, FieldRef, Layout } from '../binary/layout.ts'
import { WrongOption } from '../../errors.ts'
import { wholeOption } from '../../internal/options.ts'
import { partOf } from './binaryCodec.ts'
import { brief } from './brief.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import type { Part } from './part.ts'
import { referred, refuseReference } from './reference.ts'

/** How many of something there are, and how that is written. */
export interface Counting {
  readonly count: Count
  /** The number in front, where there is one. */
  readonly prefix: Part | null
  readonly minBytes: number
  readonly maxBytes: number
  /** The most it can say, as far as is known. */
  readonly most: number
  readonly needs: ReadonlyArray<string>
  /** A whole number, or undefined and a failure. Of `rest` it is the bytes that are left. */
  readonly read: (input: Input) => number | undefined
  /** Writes how many there will be, or sees that it is what was said. */
  readonly write: (output: Output, actual: number) => void
}

/** What combinators take for a count. */
export type CountOption = number | AnyBinary | FieldRef | { readonly _tag: 'Rest' }

const NOTHING = { prefix: null, minBytes: 0, maxBytes: 0, most: Infinity, needs: [] } as const

/** A count, or `WrongOption`. */
export const countingOf = (where: string, option: string, count: CountOption): Counting => {
  if (typeof count === 'number') return always(wholeOption(where, option, count, 0, { least: 0 }))
  if (typeof count !== 'object' || count === (null as unknown)) {
    throw new WrongOption(where, option, count, 'a number, a codec, field() or rest')
  }
  if ('_tag' in count) {
    if (count._tag === 'Field') return byField(count)
    return { ...NOTHING, count, read: (input) => input.left, write: () => undefined }
  }
  return byPrefix(partOf(where, option, count))
}

const always = (count: number): Counting => ({
  ...NOTHING,
  count: { _tag: 'Always', count },
  most: count,
  read: () => count,
  write: (output, actual) => {
    if (actual !== count) output.fail(output.at, String(count), String(actual))
  },
})

const byPrefix = (prefix: Part): Counting => ({
  ...NOTHING,
  count: { _tag: 'Prefix', of: prefix.layout },
  prefix,
  minBytes: prefix.minBytes,
  maxBytes: prefix.maxBytes,
  needs: prefix.needs,
  read: (input) => {
    const { at } = input
    const said = prefix.read(input)
    if (input.failure !== null) return undefined
    return wholeOf(said) ?? input.fail(at, 'how many there are', brief(said))
  },
  write: (output, actual) => {
    prefix.write(output, isLong(prefix.layout) ? BigInt(actual) : actual)
  },
})

const byField = (ref: FieldRef): Counting => ({
  ...NOTHING,
  count: ref,
  needs: [ref.path[0]],
  read: (input) => {
    const said = referred(input.scope, ref)
    const count = (wholeOf(said) ?? NaN) - ref.less
    if (count >= 0) return count
    return refuseReference(input, ref, 'how many there are', said)
  },
  write: (output, actual) => {
    const said = referred(output.scope, ref)
    const count = wholeOf(said)
    if (count === null) refuseReference(output, ref, 'how many there are', said)
    else if (count - ref.less !== actual) {
      output.fail(output.at, `${String(count - ref.less)}, as field '${ref.path.join('.')}' says`, String(actual))
    }
  },
})

/** A number that can count, also as a `bigint`. */
const wholeOf = (value: unknown): number | null => {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

/** Whether numbers of a layout are `bigint`s. */
const isLong = (layout: Layout): boolean => {
  if (layout._tag === 'Context' || layout._tag === 'Refined') return isLong(layout.of)
  return layout._tag === 'Integer' && typeof layout.least === 'bigint'
}
