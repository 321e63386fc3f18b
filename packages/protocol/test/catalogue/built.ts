import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { branch, leaf } from '../../src/framing/element.ts'
import { framed } from '../../src/framing/framed.ts'
import type { NestedOptions } from '../../src/framing/nested.ts'
import { nested } from '../../src/framing/nested.ts'
import { DEFAULT_MAX_FRAME_BYTES, fail, more } from '../../src/index.ts'
import { entry, limitsFrom, oneOf } from './entry.ts'

interface Limited {
  readonly maxFrameBytes?: number
}

/** Three bytes of length, the payload, a full stop. */
const framedBy = (options: Limited) =>
  framed<Uint8Array>({
    name: 'framed()',
    read: function* ({ u24be, take, literal }) {
      const payload = yield* take(yield* u24be)
      yield* literal(Uint8Array.of(0x2e))
      return payload
    },
    encode: (message, out) => {
      out.uintBE(message.length, 3)
      out.bytes(message)
      return E.right(out.byte(0x2e))
    },
    ...options,
  })

export const framedEntry = entry<Limited, Uint8Array, Uint8Array>({
  name: 'framed',
  about: 'whatever a generator reads',
  options: { maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(4) } },
  build: framedBy,
  behaviour: ({ maxFrameBytes = DEFAULT_MAX_FRAME_BYTES }) => ({
    message: hostileBytes(12),
    maxFrameBytes,
    sized: {
      protocol: (limit) => framedBy({ maxFrameBytes: limit }),
      message: (bytes) => new Uint8Array(bytes - 4),
      from: 4,
    },
  }),
})

type Tree = string | ReadonlyArray<Tree>

/** `+text;` is a leaf, `*2;` the head of a list of two. */
const treeOptions: Pick<NestedOptions<Tree>, 'name' | 'element' | 'encode'> = {
  name: 'nested()',
  element: (bytes, scanned) => {
    const end = bytes.indexOf(0x3b, scanned)
    if (end === -1) return more(bytes.length, 'element')
    const text = Buffer.from(bytes.subarray(1, end)).toString('latin1')
    if (bytes[0] === 0x2b) return leaf(text, end + 1)
    if (bytes[0] !== 0x2a || !/^\d{1,9}$/.test(text)) return fail('an element that is none', 0)
    return branch(Number(text), end + 1, (children) => children)
  },
  encode: (tree, out) => {
    out.latin1(typeof tree === 'string' ? `+${tree};` : `*${String(tree.length)};`)
    return E.right(typeof tree === 'string' ? [] : tree)
  },
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthSize: 'small' }, oneOf('', 'a', 'bc'), fc.array(tie('tree'), { maxLength: 3 })),
}))

type NestedLimits = Pick<NestedOptions<Tree>, 'maxDepth' | 'maxElements' | 'maxFrameBytes'>

export const nestedEntry = entry<NestedLimits, Tree, Tree>({
  name: 'nested',
  about: 'trees of elements, one tree a frame',
  options: {
    maxDepth: { default: 32, drawn: fc.integer({ min: 0, max: 5 }) },
    maxElements: { default: 65_536, drawn: fc.integer({ min: 1, max: 12 }) },
    maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(6) },
  },
  build: (options) => nested<Tree>({ ...treeOptions, ...options }),
  behaviour: (options) => ({
    message: tree,
    hostile: fc
      .array(oneOf('*', '+', ';', '1', '2', '9', '*1;', '*1;', '*0;', '+a;'), { maxLength: 40, size: 'max' })
      .map((parts) => Uint8Array.from(Buffer.from(parts.join('')))),
    maxFrameBytes: options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES,
    sized: {
      protocol: (maxFrameBytes) => nested<Tree>({ ...treeOptions, maxFrameBytes }),
      message: (bytes) => ['', 'x'.repeat(bytes - 7)],
      from: 7,
    },
  }),
})
