/** Where something begins: from the beginning of the frame, or of the first thing behind what varies. */
export interface Place {
  readonly known: boolean
  readonly offset: number
}

/** A row of the table of a layout. */
export interface Row {
  readonly place: Place
  readonly bytes: string
  readonly field: string
  readonly what: string
}

/** Rows, and where what follows them begins. */
export interface Block {
  readonly rows: ReadonlyArray<Row>
  readonly next: Place
}

/** Behind what varies. */
export const SOMEWHERE: Place = { known: false, offset: 0 }

/** Always so many bytes. */
export const sized = (place: Place, bytes: number, field: string, what: string): Block => ({
  rows: [{ place, bytes: String(bytes), field, what }],
  next: { ...place, offset: place.offset + bytes },
})

/** Bytes whose number varies. */
export const any = (place: Place, field: string, what: string): Block => ({
  rows: [{ place, bytes: 'any', field, what }],
  next: SOMEWHERE,
})

/** A row of no bytes: it says something of those below it. */
export const note = (place: Place, field: string, what: string): Block => ({
  rows: [{ place, bytes: '', field, what }],
  next: place,
})

/** Blocks one behind the other. */
export const inOrder = (place: Place, all: ReadonlyArray<(place: Place) => Block>): Block =>
  all.reduce<Block>(
    (before, one) => {
      const { rows, next } = one(before.next)
      return { rows: [...before.rows, ...rows], next }
    },
    { rows: [], next: place },
  )

/** With more said of its first row. */
export const said = (block: Block, more: string): Block => ({
  ...block,
  rows: block.rows.map((row, i) => (i === 0 ? { ...row, what: `${row.what}${more}` } : row)),
})

/** The path of a field. */
export const inside = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** Names and their numbers. */
export const entries = (all: ReadonlyArray<readonly [string, number]>, between: string): string =>
  all.map(([name, value]) => `${name}${between}${String(value)}`).join(', ')
