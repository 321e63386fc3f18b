import type { Issue } from '../invalid.ts'
import { brief } from './brief.ts'
import { reasonOf } from './reason.ts'

/** The first thing that went wrong while a frame was read or written; the path grows as the parts around it are left. */
export interface Failure {
  readonly path: PropertyKey[]
  readonly expected: string
  readonly got: string
  /** Where, from the first byte of the frame. */
  readonly at: number
  readonly bit: number | undefined
  readonly message: string
}

/** Something else is there than belongs there. */
export const failure = (at: number, expected: string, got: string, bit: number | undefined): Failure => ({
  path: [],
  expected,
  got,
  at,
  bit,
  message: `expected ${expected}, got ${got}`,
})

/** A function of the user threw at a value. */
export const threw = (at: number, cause: unknown, value: unknown): Failure => {
  const got = brief(value)
  return { ...failure(at, 'another value', got, undefined), message: `${reasonOf(cause)}, of ${got}` }
}

/** As an error carries it: what is written is at no place in a frame. */
export const unplaced = ({ path, expected, got, message }: Failure): Issue => ({ path, expected, got, message })

/** Fields that parts further inside depend on, by name: the nearest struct first. */
export interface Scope {
  readonly outer: Scope | null
  readonly names: ReadonlySet<string>
  readonly value: object
}
