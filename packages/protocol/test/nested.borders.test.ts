import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Element } from '../src/index.ts'
import { NotEncodable, WrongOption, byteQueue, nested } from '../src/index.ts'
import { read, utf8 } from './wire.ts'

type Tree = number | readonly Tree[]

/** A digit is a branch of so many halves of elements, a minus one of less than none; any other byte is a leaf. */
const halves: Element<Tree> = (bytes) => {
  const [first = 0] = bytes
  if (first !== 0x2d && (first < 0x30 || first > 0x39)) return { _tag: 'Leaf', length: 1, value: first }
  return { _tag: 'Branch', length: 1, count: first === 0x2d ? -1 : (first - 0x30) / 2, close: (children) => children }
}

const trees = (limits: { maxDepth?: number; maxElements?: number; maxFrameBytes?: number } = {}) =>
  nested<Tree>({
    name: 'trees()',
    ...limits,
    element: halves,
    encode: (tree, out) => {
      if (tree === 0) return E.left(new NotEncodable({ what: 'a zero', protocol: 'trees()', message: tree }))
      out.byte(typeof tree === 'number' ? tree : 0x30 + 2 * tree.length)
      return E.right(typeof tree === 'number' ? [] : tree)
    },
  })

describe('nested()', () => {
  it('refuses a count that is no whole number, whatever the element says [R16]', () => {
    expect(read(trees(), utf8('4a3')).error).toMatchObject({
      _tag: 'Malformed',
      what: 'a count of elements that is no whole number',
      at: 2,
    })
    expect(read(trees(), utf8('4-')).error).toMatchObject({
      _tag: 'Malformed',
      what: 'a count of elements that is no whole number',
      at: 1,
    })
  })

  it('names its options in what it refuses', () => {
    expect(() => trees({ maxDepth: -1 })).toThrow(WrongOption)
    expect(() => trees({ maxDepth: -1 })).toThrow('trees(): maxDepth is -1')
    expect(() => trees({ maxElements: 0 })).toThrow('trees(): maxElements is 0')
    expect(trees({ maxDepth: 0, maxElements: 1 }).name).toBe('trees()')
  })

  it('takes back what it wrote when an element inside cannot be written [R16]', () => {
    const out = byteQueue()
    out.byte(7)
    const result = trees().encode([1, [2, 0]], out)
    expect(E.isLeft(result) && result.left).toMatchObject({ _tag: 'NotEncodable', what: 'a zero' })
    expect([...out.take()]).toEqual([7])
  })

  it('counts the elements before a branch with those in it [R16]', () => {
    const written = (tree: Tree) => E.isRight(trees({ maxElements: 4 }).encode(tree, byteQueue()))
    expect(written([1, [2]])).toBe(true)
    expect(written([1, [2, 3]])).toBe(false)
    expect(written([1, 2, 3])).toBe(true)
  })

  it('takes a frame of exactly the limit, and refuses at its head what cannot fit [R16]', () => {
    expect(read(trees({ maxFrameBytes: 3 }), utf8('4ab')).messages).toEqual([[97, 98]])
    expect(read(trees({ maxFrameBytes: 3 }), utf8('6')).error).toMatchObject({ _tag: 'TooLong', announced: 4 })
  })
})
