import { wholeOption } from '../../internal/options.ts'
import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import type { Input } from '../internal/input.ts'
import type { Output } from '../internal/output.ts'
import type { Part } from '../internal/part.ts'
import { dynamicPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/** What {@link lazy} does where it is not told otherwise. */
export const LAZY_DEFAULTS = { maxDepth: 32 } as const

/** Options of {@link lazy}. */
export interface LazyOptions {
  /** How many lazy parts may lie within one another. Default 32: what handles the value may be recursive. At most 128. */
  readonly maxDepth?: number
}

/**
 * A codec that is asked for when it is needed: for a value that contains others of its own kind.
 *
 * ```
 *  const tree = struct({ value: u8, children: list(u8, lazy(() => tree)) })
 *
 *  01 01 02 00   ⇄   { value: 1, children: [{ value: 2, children: [] }] }
 * ```
 *
 * Deeper than `maxDepth` is an error, both ways: no input and no cycle can exhaust the stack. What is inside refers to no field
 * outside.
 * Throws `WrongOption` for a depth that is none.
 *
 * ```ts
 * import type { Binary } from '@sluice/protocol'
 * import { binary } from '@sluice/protocol'
 *
 * interface Tree {
 *   readonly value: number
 *   readonly children: ReadonlyArray<Tree>
 * }
 * const { lazy, list, struct, u8 } = binary
 * const tree: Binary<Tree> = struct({ value: u8, children: list(u8, lazy(() => tree)) })
 * console.log(tree.encode({ value: 1, children: [{ value: 2, children: [] }] })) // { _tag: 'Right', right: Uint8Array(4) [ 1, 1, 2, 0 ] }
 * ```
 */
export const lazy = <A, B = A>(get: () => Binary<A, B>, options: LazyOptions = {}): Binary<A, B> => {
  const maxDepth = wholeOption('lazy()', 'maxDepth', options.maxDepth, LAZY_DEFAULTS.maxDepth, { least: 1, most: 128 })
  let known: Part | null = null
  const part = (): Part => (known ??= partOf('lazy()', 'get', get()))
  /** What is inside is one level deeper, and in a scope of its own. */
  const inside = (to: Input | Output, run: () => unknown): unknown => {
    if (to.depth === maxDepth) return to.fail(to.at, `at most ${String(maxDepth)} levels`, 'more')
    const { scope } = to
    to.depth++
    to.scope = null
    const value = run()
    to.depth--
    to.scope = scope
    return value
  }
  return binaryCodec<A, B>(
    dynamicPart({
      layout: { _tag: 'Lazy', of: () => part().layout, maxDepth },
      minBytes: 0,
      maxBytes: Infinity,
      read: (input) => inside(input, () => part().read(input)),
      write: (output, value) => {
        inside(output, () => part().write(output, value))
      },
    }),
  )
}
