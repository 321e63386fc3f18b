import type { FieldLayout, StructLayout } from '../binary/layout.ts'
import { WrongOption } from '../../errors.ts'
import { brief } from './brief.ts'
import type { Scope } from './failure.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import type { FixedPart, Part } from './part.ts'
import { dynamicPart, fixedPart } from './part.ts'
import type { Fields } from './quads.ts'
import { Run } from './run.ts'

/** A field of a struct. */
export interface StructField {
  readonly name: string
  readonly part: Part
}

/** What a struct does one behind the other: a run of fields of fixed size, or one field of another kind. */
type Piece =
  | { readonly _tag: 'Run'; readonly run: Run }
  | { readonly _tag: 'Field'; readonly name: string; readonly part: Part; readonly behind: number }

/** Fields one behind the other, as the fields of an object. Throws `WrongOption` for what cannot be read back. */
export const structPart = (where: string, fields: ReadonlyArray<StructField>): Part => {
  const layout: StructLayout = { _tag: 'Struct', fields: fields.map(layoutOf) }
  const pieces = piecesOf(fields)
  const [first] = pieces
  checkOpen(where, fields)
  if (pieces.length === 0) return fixedStruct(layout, new Run([]))
  if (pieces.length === 1 && first?._tag === 'Run') return fixedStruct(layout, first.run)
  const { bound, needs } = references(where, fields)
  const scope = (outer: Scope | null, value: object): Scope | null =>
    bound.size === 0 ? outer : { outer, names: bound, value }
  return dynamicPart({
    layout,
    minBytes: fields.reduce((sum, { part }) => sum + part.minBytes, 0),
    maxBytes: fields.reduce((sum, { part }) => sum + part.maxBytes, 0),
    open: fields.some(({ part }) => part.open),
    needs,
    read: (input) => {
      const object: Fields = {}
      const outer = input.scope
      input.scope = scope(outer, object)
      for (const piece of pieces) {
        readPiece(piece, input, object)
        if (input.failure !== null) break
      }
      input.scope = outer
      return object
    },
    write: (output, value) => {
      if (typeof value !== 'object' || value === null) return output.fail(output.at, 'an object', brief(value))
      const outer = output.scope
      output.scope = scope(outer, value)
      for (const piece of pieces) {
        writePiece(piece, output, value as Fields)
        if (output.failure !== null) break
      }
      output.scope = outer
      return undefined
    },
  })
}

const fixedStruct = (layout: StructLayout, run: Run): FixedPart =>
  fixedPart({
    layout,
    size: run.size,
    readAt: (input, at) => {
      const object: Fields = {}
      run.read(object, input, at)
      return object
    },
    writeAt: (output, at, value) => {
      if (typeof value === 'object' && value !== null) run.write(value as Fields, output, at)
      else output.fail(at, 'an object', brief(value))
    },
    short: (input, at) => {
      run.short(input, at)
    },
  })

const readPiece = (piece: Piece, input: Input, object: Fields): void => {
  if (piece._tag === 'Run') {
    const { run } = piece
    const { at } = input
    if (run.size > input.end - at) return run.short(input, at)
    input.at = at + run.size
    run.read(object, input, at)
    return
  }
  const { name, part, behind } = piece
  const { end } = input
  if (part.open) input.end = Math.max(input.at, end - behind)
  const value = part.read(input)
  input.end = end
  if (input.failure !== null) input.within(name)
  else if (!part.silent) object[name] = value
}

const writePiece = (piece: Piece, output: Output, object: Fields): void => {
  if (piece._tag === 'Run') return piece.run.write(object, output, output.reserve(piece.run.size))
  piece.part.write(output, object[piece.name])
  if (output.failure !== null) output.within(piece.name)
}

const layoutOf = ({ name, part }: StructField): FieldLayout => ({ name, layout: part.layout, silent: part.silent })

const piecesOf = (fields: ReadonlyArray<StructField>): ReadonlyArray<Piece> => {
  const pieces: Piece[] = []
  let run: Array<{ readonly name: string; readonly part: FixedPart }> = []
  const close = (): void => {
    if (run.length > 0) pieces.push({ _tag: 'Run', run: new Run(run) })
    run = []
  }
  fields.forEach(({ name, part }, i) => {
    if (part.size !== null) return run.push({ name, part })
    close()
    const behind = fields.slice(i + 1).reduce((sum, one) => sum + one.part.minBytes, 0)
    return pieces.push({ _tag: 'Field', name, part, behind })
  })
  close()
  return pieces
}

/** Behind a field that reads to the end there may be only what is known to take so many bytes. */
const checkOpen = (where: string, fields: ReadonlyArray<StructField>): void => {
  const open = fields.findIndex(({ part }) => part.open)
  const wrong = open === -1 ? undefined : fields.slice(open + 1).find(({ part }) => part.size === null)
  if (wrong === undefined) return
  const name = fields[open]?.name ?? ''
  throw new WrongOption(
    where,
    wrong.name,
    wrong.part.layout._tag,
    `only fields of fixed size behind '${name}', which takes the rest`,
  )
}

/** Which fields others refer to, and what they refer to further out. */
const references = (where: string, fields: ReadonlyArray<StructField>) => {
  const bound = new Set<string>()
  const needs: string[] = []
  fields.forEach(({ name, part }, i) => {
    for (const need of part.needs) {
      const at = fields.findIndex((one) => one.name === need)
      if (at === -1) needs.push(need)
      else if (at < i && fields[at]?.part.silent === false) bound.add(need)
      else throw new WrongOption(where, name, `field('${need}')`, 'a field before it that has a value')
    }
  })
  return { bound, needs }
}
