import type { Input } from './input.ts'
import type { Output } from './output.ts'
import type { FixedPart } from './part.ts'
import type { Fields, Four, Quad } from './quads.ts'
import { quadsOf } from './quads.ts'

/** A field of a struct whose part takes as many bytes as ever. */
export interface FixedField {
  readonly name: string
  readonly part: FixedPart
}

interface Placed extends FixedField {
  /** Where it begins, from the beginning of the run. */
  readonly from: number
}

/** After so many times a run is worth a place of its own; see `quads.ts`. */
const OFTEN = 50

/**
 * Fields of fixed size one behind the other: the bytes of all are made sure of once, and each is read at a place known
 * beforehand.
 */
export class Run {
  readonly size: number
  readonly fields: ReadonlyArray<Placed>
  readonly #visible: ReadonlyArray<Placed>
  readonly #silent: ReadonlyArray<Placed>
  #quads: ReadonlyArray<Quad> | null = null
  #used = 0

  constructor(fields: ReadonlyArray<FixedField>) {
    let from = 0
    this.fields = fields.map((field) => {
      const placed = { ...field, from }
      from += field.part.size
      return placed
    })
    this.size = from
    this.#visible = this.fields.filter(({ part }) => !part.silent)
    this.#silent = this.fields.filter(({ part }) => part.silent)
  }

  /** Reads all of them into the object. On failure its path says which. */
  read(object: Fields, input: Input, at: number): void {
    const before = input.failure
    const quads = this.#quads ?? this.#often()
    if (quads === null) for (const { name, part, from } of this.#visible) object[name] = part.readAt(input, at + from)
    else for (let i = 0; i < quads.length; i++) (quads[i] as Quad).read(object, input, at)
    for (const { part, from } of this.#silent) part.readAt(input, at + from)
    if (input.failure !== before) this.#blameReading(input, at)
  }

  /** Writes all of them from the object. On failure its path says which. */
  write(object: Fields, output: Output, at: number): void {
    const before = output.failure
    const quads = this.#quads ?? this.#often()
    if (quads === null) for (const { name, part, from } of this.#visible) part.writeAt(output, at + from, object[name])
    else for (let i = 0; i < quads.length; i++) (quads[i] as Quad).write(object, output, at)
    for (const { part, from } of this.#silent) part.writeAt(output, at + from, undefined)
    if (output.failure !== before) this.#blameWriting(object, output, at)
  }

  /** Says which bytes are missing. */
  short(input: Input, at: number): void {
    const field = this.fields.find(({ part, from }) => at + from + part.size > input.end)
    field?.part.short(input, at + field.from)
    if (field !== undefined) input.within(field.name)
  }

  #often(): ReadonlyArray<Quad> | null {
    if (++this.#used !== OFTEN) return null
    const fields = this.#visible
    const count = Math.ceil(fields.length / 4)
    this.#quads = quadsOf(Array.from({ length: count }, (_, i) => fourOf(fields.slice(4 * i, 4 * i + 4))))
    return this.#quads
  }

  /** Once more, one by one: the one that fails is the first that did. */
  #blameReading(input: Input, at: number): void {
    for (const { name, part, from } of this.fields) {
      input.failure = null
      part.readAt(input, at + from)
      if (input.failure !== null) return input.within(name)
    }
  }

  #blameWriting(object: Fields, output: Output, at: number): void {
    for (const { name, part, from } of this.fields) {
      output.failure = null
      part.writeAt(output, at + from, object[name])
      if (output.failure !== null) return output.within(name)
    }
  }
}

const NOTHING = { name: '', part: { readAt: () => undefined, writeAt: () => undefined }, from: 0 }

const fourOf = (fields: ReadonlyArray<Placed>): Four => {
  const [f0 = NOTHING, f1 = NOTHING, f2 = NOTHING, f3 = NOTHING] = fields
  return {
    n: fields.length,
    k0: f0.name,
    k1: f1.name,
    k2: f2.name,
    k3: f3.name,
    r0: f0.part.readAt,
    r1: f1.part.readAt,
    r2: f2.part.readAt,
    r3: f3.part.readAt,
    w0: f0.part.writeAt,
    w1: f1.part.writeAt,
    w2: f2.part.writeAt,
    w3: f3.part.writeAt,
    a0: f0.from,
    a1: f1.from,
    a2: f2.from,
    a3: f3.from,
  }
}
