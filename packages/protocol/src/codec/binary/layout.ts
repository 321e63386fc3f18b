/**
 * What a binary codec looks like on the wire: the one description that documentation and generators of values are made
 * from. It is a tree of plain values; reading and writing do not look at it.
 */
export type Layout =
  | IntegerLayout
  | { readonly _tag: 'Float'; readonly name: string; readonly bytes: 4 | 8 }
  | { readonly _tag: 'Varint'; readonly name: string; readonly least: number; readonly most: number }
  | { readonly _tag: 'Bool' }
  | { readonly _tag: 'Flags'; readonly of: Layout; readonly bits: ReadonlyArray<readonly [name: string, bit: number]> }
  | {
      readonly _tag: 'Bits'
      readonly of: Layout
      readonly widths: ReadonlyArray<readonly [name: string, bits: number]>
    }
  | {
      readonly _tag: 'Enumerated'
      readonly of: Layout
      readonly names: ReadonlyArray<readonly [name: string, value: number]>
    }
  | { readonly _tag: 'Bytes'; readonly count: Count }
  | { readonly _tag: 'Text'; readonly count: Count }
  | { readonly _tag: 'CString' }
  | { readonly _tag: 'Constant'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Padding'; readonly bytes: number; readonly byte: number }
  | StructLayout
  | { readonly _tag: 'Tuple'; readonly items: ReadonlyArray<FieldLayout> }
  | VariantLayout
  | SizedLayout
  | { readonly _tag: 'List'; readonly count: Count; readonly of: Layout }
  | { readonly _tag: 'ListUntil'; readonly terminator: Uint8Array; readonly of: Layout }
  | { readonly _tag: 'Optional'; readonly flag: Layout | FieldRef; readonly of: Layout }
  | { readonly _tag: 'Checksum'; readonly sum: Layout; readonly of: Layout }
  | { readonly _tag: 'Lazy'; readonly of: () => Layout; readonly maxDepth: number }
  | { readonly _tag: 'Context'; readonly name: string; readonly of: Layout }
  | { readonly _tag: 'Mapped'; readonly name: string; readonly of: Layout; readonly to: (value: unknown) => unknown }
  | {
      readonly _tag: 'Refined'
      readonly expected: string
      readonly of: Layout
      readonly is: (value: unknown) => boolean
    }

/** A whole number; those of 8 bytes are `bigint`s. */
export interface IntegerLayout {
  readonly _tag: 'Integer'
  readonly name: string
  readonly bytes: number
  readonly least: number | bigint
  readonly most: number | bigint
}

/** A part of a struct or a tuple, by its name or its place. */
export interface FieldLayout {
  readonly name: string
  readonly layout: Layout
  /** Whether it has no place in the value. */
  readonly silent: boolean
}

/** Fields one behind the other. */
export interface StructLayout {
  readonly _tag: 'Struct'
  readonly fields: ReadonlyArray<FieldLayout>
}

/** One of several structs, which a number or word in front tells. */
export interface VariantLayout {
  readonly _tag: 'Variant'
  /** The property of the value that names the case. */
  readonly key: string
  readonly tag: Layout | FieldRef
  readonly cases: ReadonlyArray<{ readonly name: string; readonly tag: unknown; readonly layout: StructLayout }>
}

/** Something that takes exactly so many bytes. */
export interface SizedLayout {
  readonly _tag: 'Sized'
  readonly count: Count
  readonly of: Layout
  /** The bytes of a value among the structs around it, the nearest first; null for one that has none. */
  readonly bytesOf: (value: unknown, around: ReadonlyArray<object>) => Uint8Array | null
}

/** How many there are: always as many, as a number in front says, as an earlier field says, or up to the end. */
export type Count =
  | { readonly _tag: 'Always'; readonly count: number }
  | { readonly _tag: 'Prefix'; readonly of: Layout }
  | { readonly _tag: 'Rest' }
  | FieldRef

/** An earlier field of a struct around it; see {@link field}. */
export interface FieldRef {
  readonly _tag: 'Field'
  /** `['flags', 'urgent']`. */
  readonly path: readonly [string, ...string[]]
  /** What the number in the field counts beside: taken off it. */
  readonly less: number
}
