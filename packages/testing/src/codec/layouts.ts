import type { Count, FieldRef, Layout } from '@sluice/protocol'

/** How many bytes every value of a layout takes, or null where that varies. */
export const sizeOf = (layout: Layout): number | null => {
  switch (layout._tag) {
    case 'Integer':
    case 'Float':
    case 'Padding':
      return layout.bytes
    case 'Constant':
      return layout.bytes.length
    case 'Bool':
      return 1
    case 'Bytes':
    case 'Text':
    case 'Sized':
      return always(layout.count)
    case 'List': {
      const count = always(layout.count)
      const item = sizeOf(layout.of)
      return count === null || item === null ? null : count * item
    }
    case 'Struct':
      return sum(layout.fields.map((field) => field.layout))
    case 'Tuple':
      return sum(layout.items.map((item) => item.layout))
    case 'Checksum':
      return sum([layout.of, layout.sum])
    case 'Flags':
    case 'Bits':
    case 'Enumerated':
    case 'Context':
    case 'Mapped':
    case 'Refined':
      return sizeOf(layout.of)
    case 'Varint':
    case 'CString':
    case 'Variant':
    case 'ListUntil':
    case 'Optional':
    case 'Lazy':
      return null
  }
}

const always = (count: Count): number | null => (count._tag === 'Always' ? count.count : null)

const sum = (all: ReadonlyArray<Layout>): number | null =>
  all.reduce<number | null>((total, one) => {
    const size = sizeOf(one)
    return total === null || size === null ? null : total + size
  }, 0)

/** The layouts right inside a layout; of a `lazy` one none. */
const children = (layout: Layout): ReadonlyArray<Layout> => {
  switch (layout._tag) {
    case 'Struct':
      return layout.fields.map((field) => field.layout)
    case 'Tuple':
      return layout.items.map((item) => item.layout)
    case 'Variant':
      return layout.cases.map((one) => one.layout)
    case 'Flags':
    case 'Bits':
    case 'Enumerated':
    case 'Context':
    case 'Mapped':
    case 'Refined':
    case 'Sized':
    case 'List':
    case 'ListUntil':
    case 'Optional':
    case 'Checksum':
      return [layout.of]
    case 'Integer':
    case 'Float':
    case 'Varint':
    case 'Bool':
    case 'Bytes':
    case 'Text':
    case 'CString':
    case 'Constant':
    case 'Padding':
    case 'Lazy':
      return []
  }
}

/** Whether a layout may contain itself. */
export const containsLazy = (layout: Layout): boolean =>
  layout._tag === 'Lazy' || children(layout).some((one) => containsLazy(one))

/** A field that is referred to, and for what. */
export interface Reference {
  readonly ref: FieldRef
  readonly by: Layout
}

/** What a layout refers to outside of itself, and inside. */
export const referencesOf = (layout: Layout): ReadonlyArray<Reference> => {
  const own = ownReference(layout)
  return [...(own === null ? [] : [{ ref: own, by: layout }]), ...children(layout).flatMap(referencesOf)]
}

const ownReference = (layout: Layout): FieldRef | null => {
  const told = 'count' in layout ? layout.count : 'flag' in layout ? layout.flag : 'tag' in layout ? layout.tag : null
  return told?._tag === 'Field' ? told : null
}
