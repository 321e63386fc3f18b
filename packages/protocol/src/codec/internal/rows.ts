import type { Count, FieldRef, Layout } from '../binary/layout.ts'
import { countOf, expressionOf } from './expressionOf.ts'
import type { Block, Place, Row } from './rowBlocks.ts'
import { SOMEWHERE, any, entries, inOrder, inside, note, said, sized } from './rowBlocks.ts'
import { hexByte } from './utf8.ts'

/** The table of a layout. */
export const rowsOf = (layout: Layout): ReadonlyArray<Row> => block(layout, '', { known: true, offset: 0 }).rows

const block = (layout: Layout, path: string, place: Place): Block => {
  switch (layout._tag) {
    case 'Integer':
    case 'Float':
      return sized(place, layout.bytes, path, layout.name)
    case 'Bool':
      return sized(place, 1, path, 'bool')
    case 'Varint':
      return any(place, path, layout.name)
    case 'CString':
      return any(place, path, 'UTF-8 up to a byte of zero')
    case 'Flags':
      return said(block(layout.of, path, place), `, flags: ${entries(layout.bits, ' in bit ')}`)
    case 'Bits':
      return said(block(layout.of, path, place), `, bits from the most significant: ${entries(layout.widths, ' ')}`)
    case 'Enumerated':
      return said(block(layout.of, path, place), `: ${entries(layout.names, ' = ')}`)
    case 'Constant':
      return sized(place, layout.bytes.length, path, `always ${Array.from(layout.bytes, hexByte).join(' ')}`)
    case 'Padding':
      return sized(place, layout.bytes, path, `padding, ${hexByte(layout.byte)}`)
    case 'Bytes':
      return counted(layout.count, path, place, 'bytes', (at) => extent(layout.count, path, at, 'bytes'))
    case 'Text':
      return counted(layout.count, path, place, 'bytes', (at) => extent(layout.count, path, at, 'UTF-8'))
    case 'Sized':
      return counted(layout.count, path, place, 'bytes', (at) => block(layout.of, path, at))
    case 'List':
      return counted(layout.count, path, place, 'items', (at) => items(layout.of, path, at, many(layout.count)))
    case 'ListUntil': {
      const last = `the end of the list: ${Array.from(layout.terminator, hexByte).join(' ')}`
      const { length } = layout.terminator
      return inOrder(place, [
        (at) => items(layout.of, path, at, 'any number of'),
        (at) => sized(at, length, path, last),
      ])
    }
    case 'Struct':
    case 'Tuple':
    case 'Variant':
    case 'Optional':
    case 'Checksum':
    case 'Lazy':
    case 'Context':
    case 'Mapped':
    case 'Refined':
      return composite(layout, path, place)
  }
}

type Composite = Extract<
  Layout,
  { _tag: 'Struct' | 'Tuple' | 'Variant' | 'Optional' | 'Checksum' | 'Lazy' | 'Context' | 'Mapped' | 'Refined' }
>

const composite = (layout: Composite, path: string, place: Place): Block => {
  switch (layout._tag) {
    case 'Struct':
      return inOrder(
        place,
        layout.fields.map(
          ({ name, layout: of }) =>
            (at) =>
              block(of, inside(path, name), at),
        ),
      )
    case 'Tuple':
      return inOrder(
        place,
        layout.items.map(
          ({ name, layout: of }) =>
            (at) =>
              block(of, `${path}[${name}]`, at),
        ),
      )
    case 'Variant':
      return alternatives(layout, path, place)
    case 'Optional':
      return inOrder(place, [
        (at) => flag(layout.flag, path, at),
        (at) => ({ ...said(block(layout.of, path, at), ', if it is there'), next: SOMEWHERE }),
      ])
    case 'Checksum':
      return inOrder(place, [
        (at) => block(layout.of, path, at),
        (at) => said(block(layout.sum, path, at), ', the checksum of the bytes before'),
      ])
    case 'Lazy':
      return any(place, path, `one of its own kind, up to ${String(layout.maxDepth)} levels`)
    case 'Context':
      return block(layout.of, inside(path, layout.name), place)
    case 'Mapped':
      return layout.name === '…'
        ? block(layout.of, path, place)
        : said(block(layout.of, path, place), ` as ${layout.name}`)
    case 'Refined':
      return said(block(layout.of, path, place), `, ${layout.expected}`)
  }
}

/** A number in front that says how many, then what it counts. */
const counted = (count: Count, path: string, place: Place, of: string, behind: (at: Place) => Block): Block =>
  inOrder(place, [
    (at) => (count._tag === 'Prefix' ? said(block(count.of, path, at), `: how many ${of}`) : { rows: [], next: at }),
    behind,
  ])

const extent = (count: Count, path: string, place: Place, what: string): Block => {
  if (count._tag === 'Always') return sized(place, count.count, path, what)
  return any(place, path, count._tag === 'Prefix' ? what : `${what}, ${many(count)}`)
}

const many = (count: Count): string => {
  if (count._tag === 'Always') return `${String(count.count)} times`
  if (count._tag === 'Prefix') return 'that many times'
  return count._tag === 'Rest' ? 'to the end' : `as many as ${countOf(count)} says`
}

const items = (of: Layout, path: string, place: Place, how: string): Block => {
  const { rows } = block(of, `${path}[]`, SOMEWHERE)
  const [only] = rows
  if (rows.length === 1 && only !== undefined) return any(place, path, `${how}: ${only.what}`)
  return { rows: [...note(place, path, `${how}:`).rows, ...rows], next: SOMEWHERE }
}

const flag = (one: Layout | FieldRef, path: string, place: Place): Block =>
  one._tag === 'Field'
    ? note(place, path, `if ${countOf(one)} says so:`)
    : said(block(one, path, place), ': whether it is there')

const alternatives = (layout: Extract<Layout, { _tag: 'Variant' }>, path: string, place: Place): Block => {
  const { tag, key, cases } = layout
  const first =
    tag._tag === 'Field' ? { rows: [], next: place } : said(block(tag, inside(path, key), place), ': which it is')
  const told = tag._tag === 'Field' ? countOf(tag) : expressionOf(tag)
  const rows = cases.flatMap(({ name, tag: value, layout: of }) => [
    ...note(place, inside(path, key), `${name}, where ${told} is ${String(value)}:`).rows,
    ...block(of, path, first.next).rows,
  ])
  return { rows: [...first.rows, ...rows], next: SOMEWHERE }
}
