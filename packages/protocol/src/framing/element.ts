import type { NoFrame } from './step.ts'

/**
 * What an element of a {@link nested} frame is, as its bytes say.
 *
 * | result | meaning |
 * |---|---|
 * | {@link leaf} | the first `length` bytes are a value |
 * | {@link branch} | the first `length` bytes announce `count` elements, which follow |
 * | `need` `more` `fail` `refuse` | as of a step |
 */
export type ElementResult<A> = Leaf<A> | Branch<A> | NoFrame

/** See {@link leaf}. */
export interface Leaf<A> {
  readonly _tag: 'Leaf'
  readonly value: A
  readonly length: number
}

/** See {@link branch}. */
export interface Branch<A> {
  readonly _tag: 'Branch'
  readonly count: number
  readonly length: number
  readonly close: (children: ReadonlyArray<A>) => A
}

/** See {@link NestedOptions.element}. */
export type Element<A> = (bytes: Uint8Array, scanned: number) => ElementResult<A>

/** The first `length` bytes (at least one) are `value`, whole. */
export const leaf = <A>(value: A, length: number): Leaf<A> => ({ _tag: 'Leaf', value, length })

/**
 * The first `length` bytes (at least one) say that `count` elements follow, none at all included; `close` makes one
 * value of them. Anything but a whole number is `Malformed`.
 */
export const branch = <A>(count: number, length: number, close: (children: ReadonlyArray<A>) => A): Branch<A> => ({
  _tag: 'Branch',
  count,
  length,
  close,
})
