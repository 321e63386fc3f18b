import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import type { NestedLimits } from '../internal/nestedParse.ts'
import { NestedParse } from '../internal/nestedParse.ts'
import { limitOption, wholeOption } from '../internal/options.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import type { Element } from './element.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'

/** What {@link nested} is built from. */
export interface NestedOptions<A> {
  /** Prints as the expression that built it. */
  readonly name: string
  /**
   * A pure function of the bytes from the first of an element on, as many as came: `leaf`, `branch`, or, as in a step,
   * `need`, `more` and `fail`, which count from that byte too. `scanned` is what the last `more` for this element said.
   */
  readonly element: Element<A>
  /**
   * Writes what `element` reads: a leaf whole, or the head of a branch, whose children it answers with; for a leaf none.
   * On `Left` the whole frame is taken back.
   */
  readonly encode: (value: A, out: ByteWriter) => Either<EncodeError, ReadonlyArray<A>>
  /** How many branches may lie within one another. Default 32: what handles the value may be recursive. */
  readonly maxDepth?: number
  /** How many elements a frame may have, branches included. Default 65,536: each costs far more than its bytes. */
  readonly maxElements?: number
  /** The most bytes a whole frame may take on the wire. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
}

/** What {@link nested} does unless told. */
export const NESTED_DEFAULTS = {
  maxDepth: 32,
  maxElements: 65_536,
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies NestedLimits

/**
 * Frames within frames, such as arrays of strings and arrays: a frame is one whole tree.
 *
 * ```
 *  bytes     * 2 CR LF   $ 2 CR LF h i CR LF   * 1 CR LF  $ 1 CR LF a CR LF     * …
 *  element   branch(2)   leaf('hi')            branch(1)  leaf('a')
 *  emits     ['hi', ['a']]                                                      unread: * …
 * ```
 *
 * The branches that are open stand on a stack of its own, so that no depth overflows that of the program, in either
 * direction; and each element is read once, however the frame is cut. Nothing is allocated by an announced count; one
 * that cannot fit the limits (an element is at least one byte) is refused at its head.
 *
 * Errors while decoding, the `remote` side's fault: `TooLong` · `Malformed` (what `element` fails with, too deep, too
 * many elements) · `Truncated`. While encoding, `local`: `TooLong` · `NotEncodable` (too deep, too many elements, or
 * what `encode` refuses). Throws `WrongOption` for limits that are no whole numbers.
 *
 * ```ts
 * import { branch, fail, leaf, more, nested, wholeNumber } from '@sluice/protocol'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * type Tree = number | ReadonlyArray<Tree>
 *
 * // `:5;` is a number, `*2;` the head of a list of two
 * const trees = nested<Tree>({
 *   name: 'trees()',
 *   element: (bytes, scanned) => {
 *     const end = bytes.indexOf(0x3b, scanned)
 *     if (end === -1) return more(bytes.length, 'element')
 *     const value = wholeNumber(Buffer.from(bytes.subarray(1, end)).toString('latin1'))
 *     if (Number.isNaN(value)) return fail('an element that is no number', end)
 *     return bytes[0] === 0x2a ? branch(value, end + 1, (children) => children) : leaf(value, end + 1)
 *   },
 *   encode: (tree, out) => {
 *     out.latin1(typeof tree === 'number' ? `:${String(tree)};` : `*${String(tree.length)};`)
 *     return E.right(typeof tree === 'number' ? [] : tree)
 *   },
 * })
 * trees.decoder().push(Buffer.from('*2;:1;*1;:2;'), (tree) => {
 *   console.log(JSON.stringify(tree)) // [1,[2]]
 *   return true
 * })
 * ```
 */
export const nested = <A>(options: NestedOptions<A>): Protocol<A> => {
  const { name, element } = options
  const maxFrameBytes = limitOption(name, options.maxFrameBytes, NESTED_DEFAULTS.maxFrameBytes)
  const maxDepth = wholeOption(name, 'maxDepth', options.maxDepth, NESTED_DEFAULTS.maxDepth, { least: 0 })
  const maxElements = wholeOption(name, 'maxElements', options.maxElements, NESTED_DEFAULTS.maxElements, { least: 1 })
  const limits = { maxFrameBytes, maxDepth, maxElements }
  return {
    name,
    decoder: () => parseDecoder(maxFrameBytes, undefined, new NestedParse(element, limits)),
    encode: nestedEncoder(name, options.encode, limits),
  }
}

const NO_BYTES_TO_SHOW = new Uint8Array(0)

const nestedEncoder = <A>(name: string, open: NestedOptions<A>['encode'], limits: NestedLimits) => {
  const { maxFrameBytes, maxDepth, maxElements } = limits
  /** Writes the tree; the branches that are open stand on `stack`, each with the children it has left. */
  const writeTree = (message: A, out: ByteWriter): Either<EncodeError, void> => {
    const before = out.length
    const stack: Array<Iterator<A>> = [[message].values()]
    let elements = 0
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.next()
      if (next.done === true) {
        stack.pop()
        continue
      }
      elements++
      const opened = open(next.value, out)
      if (isLeft(opened)) return opened
      const children = opened.right
      const total = out.length - before
      if (total > maxFrameBytes) return overLimit(maxFrameBytes, total, NO_BYTES_TO_SHOW)
      if (elements + children.length > maxElements) return notEncodable(name, message, tooMany(maxElements))
      if (children.length > 0 && stack.length > maxDepth) return notEncodable(name, message, tooDeep(maxDepth))
      if (children.length > 0) stack.push(children.values())
    }
    return DONE
  }
  return (message: A, out: ByteWriter): Either<EncodeError, void> => {
    const before = out.length
    const result = writeTree(message, out)
    if (isLeft(result)) out.truncate(before)
    return result
  }
}

const tooDeep = (maxDepth: number): string => `elements more than ${String(maxDepth)} deep`
const tooMany = (maxElements: number): string => `more than ${String(maxElements)} elements`
