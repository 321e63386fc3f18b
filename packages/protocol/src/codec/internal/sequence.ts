import * as E from 'fp-ts/lib/Either.js'
import type { EncodeError } from '../../errors.ts'
import type { Invalid } from '../invalid.ts'
import { inFrame } from '../invalid.ts'

/** What a codec does, where what it reads may be less than what it writes. */
export interface Step<In, Out, A, B> {
  readonly decode: (wire: In, offset?: number) => E.Either<Invalid, A>
  readonly encode: (value: B) => E.Either<EncodeError, Out>
}

/** What both do in sequence. */
export const inSequence = <In, Out, A, B, C, D>(
  first: Step<In, Out, A, B>,
  second: Step<A, B, C, D>,
): Step<In, Out, C, D> => ({
  decode: (wire, offset = 0) => {
    const between = first.decode(wire, offset)
    if (E.isLeft(between)) return between
    const value = second.decode(between.right, offset)
    return E.isLeft(value) ? E.left(inFrame(value.left, wire, offset)) : value
  },
  encode: (value) => {
    const between = second.encode(value)
    return E.isLeft(between) ? between : first.encode(between.right)
  },
})

/** What reads the same, with its errors as values, each of the frame it was given. */
export const asValues =
  <Wire, A>(decode: (wire: Wire, offset?: number) => E.Either<Invalid, A>) =>
  (wire: Wire, offset = 0): E.Either<never, E.Either<Invalid, A>> => {
    const read = decode(wire, offset)
    return E.right(E.isLeft(read) ? E.left(inFrame(read.left, wire, offset)) : read)
  }

/** The name of what a `pipe` makes: one `pipe(…)` however often. */
export const piped = (first: string, next: string): string =>
  first.startsWith('pipe(') ? `${first.slice(0, -1)}, ${next})` : `pipe(${first}, ${next})`
