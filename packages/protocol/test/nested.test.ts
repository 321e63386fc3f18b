import { chunkings, hostileBytes, protocolLaws, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import RedisParser from 'redis-parser'
import { describe, expect, it } from 'vitest'
import { WrongOption, byteQueue } from '../src/index.ts'
import type { Resp } from './resp.ts'
import { resp } from './resp.ts'
import { read, utf8 } from './wire.ts'

const wire = (value: Resp, limits = {}): string => {
  const out = byteQueue()
  const result = resp(limits).encode(value, out)
  return E.isLeft(result) ? `${result.left._tag}: ${result.left.message}` : Buffer.from(out.take()).toString('latin1')
}

const bulk = (text: string): Resp => ({ _tag: 'Bulk', bytes: utf8(text) })
const array = (...items: ReadonlyArray<Resp>): Resp => ({ _tag: 'Array', items })
const integer = (value: number): Resp => ({ _tag: 'Integer', value })

/** Arrays within one another, the innermost empty. */
const nest = (depth: number): Resp => {
  let value = array()
  for (let i = 0; i < depth; i++) value = array(value)
  return value
}

const { value } = fc.letrec<{ value: Resp }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    hostileBytes(12).map((bytes): Resp => ({ _tag: 'Bulk', bytes })),
    fc.constantFrom<Resp>(
      { _tag: 'Simple', text: 'OK' },
      { _tag: 'Error', text: 'ERR no' },
      { _tag: 'Null' },
      { _tag: 'NullArray' },
    ),
    fc.integer().map(integer),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => array(...items)),
  ),
}))

describe('nested(), as RESP2, keeps the laws', () => {
  const sized = {
    protocol: (maxFrameBytes: number) => resp({ maxFrameBytes }),
    // `*1` and a bulk string with three digits of length
    message: (bytes: number) => array(bulk('x'.repeat(bytes - 12))),
    from: 112,
  }
  const hostile = fc
    .array(
      fc.constantFrom(
        '*2\r\n',
        '*1\r\n',
        '*0\r\n',
        '$1\r\n',
        '$0\r\n\r\n',
        'a\r\n',
        ':1\r\n',
        '*-1\r\n',
        '$-1\r\n',
        '+a\r\n',
        '*',
        '9',
      ),
      {
        maxLength: 20,
      },
    )
    .map((parts) => utf8(parts.join('')))
  for (const law of protocolLaws(resp(), { message: value, sized, hostile, maxFrameBytes: 1_048_576 })) {
    it(law.name, law.run)
  }
})

describe('nested()', () => {
  // Redis serialization protocol specification, the examples of each type
  it.each<[string, Resp]>([
    ['+OK\r\n', { _tag: 'Simple', text: 'OK' }],
    ["-ERR unknown command 'asdf'\r\n", { _tag: 'Error', text: "ERR unknown command 'asdf'" }],
    [':1000\r\n', integer(1000)],
    ['$5\r\nhello\r\n', bulk('hello')],
    ['$0\r\n\r\n', bulk('')],
    ['$-1\r\n', { _tag: 'Null' }],
    ['*0\r\n', array()],
    ['*2\r\n$5\r\nhello\r\n$5\r\nworld\r\n', array(bulk('hello'), bulk('world'))],
    ['*-1\r\n', { _tag: 'NullArray' }],
    [
      '*2\r\n*3\r\n:1\r\n:2\r\n:3\r\n*2\r\n+Hello\r\n-World\r\n',
      array(
        array(integer(1), integer(2), integer(3)),
        array({ _tag: 'Simple', text: 'Hello' }, { _tag: 'Error', text: 'World' }),
      ),
    ],
    ['*3\r\n$5\r\nhello\r\n$-1\r\n$5\r\nworld\r\n', array(bulk('hello'), { _tag: 'Null' }, bulk('world'))],
  ])('reads and writes %j of the specification of RESP [R15]', (text, message) => {
    expect(read(resp(), utf8(text))).toEqual({ messages: [message], error: null })
    expect(wire(message)).toBe(text)
  })

  it('says where in the stream an element is wrong [R19]', () => {
    const error = (text: string, limits = {}) => read(resp(limits), utf8(text)).error
    expect(error(':1\r\n*2\r\n:1\r\n?')).toMatchObject({ what: 'an element of no type', at: 12, offset: 4 })
    expect(error('*2\r\n:1\r\n:x\r\n')).toMatchObject({ what: 'an integer that is none', at: 11 })
    expect(error('*x\r\n')).toMatchObject({ what: 'a count of elements that is no whole number', at: 3 })
    expect(error('*-2\r\n')).toMatchObject({ what: 'a count of elements that is no whole number', at: 4 })
    expect(error('*1\r\n$3\r\nab')).toMatchObject({ _tag: 'Truncated', phase: 'bulk string', got: 10, expected: 13 })
    expect(error('*1\r\n')).toMatchObject({ _tag: 'Truncated', phase: 'element', got: 4, expected: 5 })
  })

  it('takes as deep a frame as its limit, and not one level more, both ways [R16]', () => {
    expect(read(resp(), utf8(wire(nest(32)))).messages).toEqual([nest(32)])
    expect(wire(nest(33))).toMatch(/^NotEncodable: .* elements more than 32 deep/)
    const deep = utf8(`${'*1\r\n'.repeat(33)}*0\r\n`)
    expect(read(resp(), deep).error).toMatchObject({ _tag: 'Malformed', what: 'elements more than 32 deep', at: 131 })
    expect(read(resp({ maxDepth: 33 }), deep).messages).toHaveLength(1)
    expect(read(resp({ maxDepth: 0 }), utf8('*0\r\n')).messages).toHaveLength(1)
    expect(read(resp({ maxDepth: 0 }), utf8('*1\r\n')).error).toMatchObject({ _tag: 'Malformed' })
  })

  it('takes as many elements as its limit, and not one more, both ways [R16]', () => {
    const limits = { maxElements: 4 }
    const four = array(integer(1), array(integer(2)))
    const five = array(integer(1), array(integer(2)), integer(3))
    expect(read(resp(limits), utf8(wire(four, limits))).messages).toEqual([four])
    expect(wire(five, limits)).toMatch(/^NotEncodable: .* more than 4 elements/)
    expect(read(resp(limits), utf8(wire(five))).error).toMatchObject({
      _tag: 'Malformed',
      what: 'more than 4 elements',
    })
    expect(read(resp(limits), utf8('*4\r\n')).error).toMatchObject({ what: 'more than 4 elements', at: 3 })
  })

  it('allocates nothing for an announced count, and refuses what cannot fit at its head [R16]', () => {
    const limits = { maxElements: Number.MAX_SAFE_INTEGER, maxFrameBytes: 100 }
    expect(read(resp(limits), utf8('*96\r\n')).error).toMatchObject({ _tag: 'TooLong', announced: 101 })
    expect(read(resp(limits), utf8('*95\r\n')).error).toMatchObject({ _tag: 'Truncated' })
    expect(read(resp(limits), utf8('*9007199254740990\r\n')).error).toMatchObject({ _tag: 'TooLong' })
    expect(read(resp(), utf8('*1000000000\r\n')).error).toMatchObject({ _tag: 'Malformed' })
    expect(read(resp(limits), utf8('*2\r\n$1000\r\n')).error).toMatchObject({ _tag: 'TooLong', announced: 1013 })
  })

  it('reads and writes 200,000 levels without overflowing a stack [R18]', () => {
    const limits = { maxDepth: 1e6, maxElements: 1e6 }
    const text = wire(nest(200_000), limits)
    expect(text).toHaveLength(4 * 200_001)
    const { messages, error } = read(resp(limits), utf8(text))
    expect(error).toBeNull()
    let depth = 0
    for (let one = messages[0]; one?._tag === 'Array' && one.items.length > 0; one = one.items[0]) depth++
    expect(depth).toBe(200_000)
  })

  it('does not follow a value that contains itself for ever [R18]', () => {
    const items: Resp[] = []
    items.push(array(...items), { _tag: 'Array', items })
    expect(wire({ _tag: 'Array', items })).toMatch(/^NotEncodable/)
  })

  it('takes back the whole frame where one element is refused [R8]', () => {
    const out = byteQueue()
    out.byte(1)
    expect(E.isLeft(resp({ maxFrameBytes: 12 }).encode(array(integer(1), integer(2)), out))).toBe(false)
    expect(out.length).toBe(13)
    expect(E.isLeft(resp({ maxFrameBytes: 11 }).encode(array(integer(1), integer(2)), out))).toBe(true)
    expect(out.length).toBe(13)
  })

  it.each([{ maxDepth: -1 }, { maxDepth: 0.5 }, { maxElements: 0 }, { maxElements: NaN }, { maxFrameBytes: 0 }])(
    'refuses %o [R16]',
    (limits) => {
      expect(() => resp(limits)).toThrow(WrongOption)
    },
  )
})

/** A value as redis-parser gives it. */
const plain = (one: Resp): unknown => {
  switch (one._tag) {
    case 'Simple':
      return one.text
    case 'Error':
      return { error: one.text }
    case 'Integer':
      return one.value
    case 'Bulk':
      return Buffer.from(one.bytes).toString('latin1')
    case 'Array':
      return one.items.map(plain)
    case 'Null':
    case 'NullArray':
      return null
  }
}

const given = (reply: unknown): unknown =>
  reply instanceof Error
    ? { error: reply.message }
    : reply instanceof Uint8Array
      ? Buffer.from(reply).toString('latin1')
      : Array.isArray(reply)
        ? reply.map(given)
        : reply

describe('nested(), as RESP2, and redis-parser', () => {
  it('read the same values, however they are cut [R15]', () => {
    const cases = fc
      .array(value, { maxLength: 4 })
      .map((all) => Buffer.from(all.map((one) => wire(one)).join(''), 'latin1'))
      .chain((bytes) => fc.tuple(fc.constant(bytes), chunkings(bytes)))
    fc.assert(
      fc.property(cases, ([, chunks]) => {
        const replies: unknown[] = []
        const parser = new RedisParser({
          returnReply: (reply) => replies.push(reply),
          returnError: (error) => replies.push(error),
          returnFatalError: (error) => replies.push(`fatal: ${error.message}`),
          returnBuffers: true,
        })
        // it reads simple strings as buffers, and must not be given an empty one
        for (const chunk of chunks) if (chunk.length > 0) parser.execute(Buffer.from(chunk))
        const { messages, outcome } = transcript(resp().decoder(), chunks)
        expect(outcome).toEqual({ _tag: 'Well' })
        expect(messages.map(plain)).toEqual(replies.map(given))
      }),
      { numRuns: 1000 },
    )
  })
})
