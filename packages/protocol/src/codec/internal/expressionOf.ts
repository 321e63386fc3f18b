import type { Count, FieldLayout, FieldRef, Layout } from '../binary/layout.ts'

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')

/** A layout as the expression that built it, as far as it can be told. */
export const expressionOf = (layout: Layout): string => {
  switch (layout._tag) {
    case 'Integer':
    case 'Float':
    case 'Varint':
      return layout.name
    case 'Bool':
      return 'bool'
    case 'CString':
      return 'cstring'
    case 'Flags':
      return `flags(${expressionOf(layout.of)}, ${record(layout.bits)})`
    case 'Bits':
      return `bits(${expressionOf(layout.of)}, ${record(layout.widths)})`
    case 'Enumerated':
      return `enumerated(${expressionOf(layout.of)}, ${record(layout.names)})`
    case 'Bytes':
      return `bytes(${countOf(layout.count)})`
    case 'Text':
      return `utf8(${countOf(layout.count)})`
    case 'Constant':
      return `constant(${hexOf(layout.bytes)})`
    case 'Padding':
      return `padding(${String(layout.bytes)})`
    case 'Struct':
      return `struct(${fields(layout.fields)})`
    case 'Tuple':
      return `tuple(${layout.items.map((item) => expressionOf(item.layout)).join(', ')})`
    case 'Variant':
      return `variant(${refOr(layout.tag)}, ${cases(layout.cases)})`
    case 'Sized':
      return `sized(${countOf(layout.count)}, ${expressionOf(layout.of)})`
    case 'List':
      return `list(${countOf(layout.count)}, ${expressionOf(layout.of)})`
    case 'ListUntil':
      return `listUntil(${hexOf(layout.terminator)}, ${expressionOf(layout.of)})`
    case 'Optional':
      return `optional(${refOr(layout.flag)}, ${expressionOf(layout.of)})`
    case 'Checksum':
      return `checksum(${expressionOf(layout.sum)}, …, ${expressionOf(layout.of)})`
    case 'Lazy':
      return 'lazy(…)'
    case 'Context':
      return layout.name
    case 'Mapped':
      return `pipe(${expressionOf(layout.of)}, imap(${layout.name}))`
    case 'Refined':
      return `pipe(${expressionOf(layout.of)}, refine('${layout.expected}'))`
  }
}

/** How many, as it was written. */
export const countOf = (count: Count): string => {
  switch (count._tag) {
    case 'Always':
      return String(count.count)
    case 'Prefix':
      return expressionOf(count.of)
    case 'Rest':
      return 'rest'
    case 'Field':
      return refOr(count)
  }
}

const refOr = (one: Layout | FieldRef): string => {
  if (one._tag !== 'Field') return expressionOf(one)
  return `field('${one.path.join('.')}'${one.less === 0 ? '' : `, { less: ${String(one.less)} }`})`
}

const braces = (inside: ReadonlyArray<string>): string => (inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`)

const record = (entries: ReadonlyArray<readonly [string, number]>): string =>
  braces(entries.map(([name, value]) => `${name}: ${String(value)}`))

const fields = (all: ReadonlyArray<FieldLayout>): string =>
  braces(all.map(({ name, layout }) => `${name}: ${expressionOf(layout)}`))

const cases = (all: ReadonlyArray<{ readonly name: string; readonly tag: unknown; readonly layout: Layout }>): string =>
  braces(all.map(({ name, tag, layout }) => `${name}: [${String(tag)}, ${expressionOf(layout)}]`))
