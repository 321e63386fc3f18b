import type { Codec } from './codec.ts'
import { inSequence, piped } from './internal/sequence.ts'

/**
 * One codec behind another, as one.
 *
 * ```
 *  bytes ──utf8──▶ text ──json()──▶ value        pipe(utf8, compose(json()))
 * ```
 *
 * Errors are those of the two. The `frame` of an `Invalid` is what the first was given; its `at` counts in what
 * the one that failed has read.
 *
 * ```ts
 * import { compose, json, utf8 } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const codec = pipe(utf8, compose(json()))
 * console.log(codec.name, codec.decode(Buffer.from('[1]'))) // pipe(utf8, compose(json())) { _tag: 'Right', right: [ 1 ] }
 * ```
 */
export const compose =
  <A, C, D = C>(second: Codec<A, C, D>) =>
  <Wire>(first: Codec<Wire, A>): Codec<Wire, C, D> => ({
    get name() {
      return piped(first.name, `compose(${second.name})`)
    },
    ...inSequence(first, second),
  })
