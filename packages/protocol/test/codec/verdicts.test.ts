import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import type { Schema, StandardSchema } from '../../src/index.ts'
import { binary, json, typed } from '../../src/index.ts'
import { forced, reads, writes } from './support.ts'

const { bytes, checksum, field, i8, struct, u16, u64, u8 } = binary

/** A schema that answers that. */
const answering = (validate: () => unknown): StandardSchema => ({
  '~standard': { version: 1, vendor: 'ours', validate: validate as StandardSchema['~standard']['validate'] },
})

/** What is wrong with a value. */
const wrong = (schema: Schema, value: unknown) => {
  const result = typed(schema as StandardSchema).decode(value)
  return isLeft(result) ? result.left : null
}

const angry = (thrown: unknown) =>
  answering(() => {
    throw thrown
  })

describe('what a schema says', () => {
  it.each<[string, StandardSchema, unknown, object]>([
    [
      'of an item, its key in an object',
      answering(() => ({ issues: [{ message: 'm', path: ['a', { key: 1 }] }] })),
      { a: [1, 'x'] },
      { path: ['a', 1], expected: 'm', got: '"x"', message: 'm' },
    ],
    [
      'of what only a prototype has',
      answering(() => ({ issues: [{ message: 'm', path: ['a', 'toString'], expected: 'e' }] })),
      { a: {} },
      { path: ['a', 'toString'], expected: 'e', got: 'undefined', message: 'm' },
    ],
    ['of null', answering(() => ({ issues: [{ message: 'm' }] })), null, { path: [], expected: 'm', got: 'null' }],
    [
      'of what is in no object',
      answering(() => ({ issues: [{ message: 'm', path: ['length'], expected: 1 }] })),
      'abc',
      { path: ['length'], expected: 'm', got: 'undefined' },
    ],
  ])('%s is told as it is [R19]', (_what, schema, value, issue) => {
    expect(wrong(schema, value)).toMatchObject({
      codec: 'ours',
      issues: [issue],
      more: 0,
      frame: value,
      fault: 'remote',
    })
  })

  it('sixteen times is told sixteen times', () => {
    const many = (count: number) =>
      answering(() => ({ issues: Array.from({ length: count }, () => ({ message: 'm' })) }))
    expect(wrong(many(16), 1)?.issues).toHaveLength(16)
    expect(wrong(many(16), 1)?.more).toBe(0)
    expect(wrong(many(17), 1)?.more).toBe(1)
  })

  it.each<[unknown, string]>([
    ['text', 'text'],
    [new Error('no'), 'no'],
    [new Error(''), 'Error'],
    [Object.create(null), 'something that cannot be shown was thrown'],
  ])('by throwing %o is an error as a value [R18]', (thrown, message) => {
    expect(wrong(angry(thrown), 1)).toMatchObject({ issues: [{ path: [], expected: 'ours', got: '1', message }] })
    expect(wrong(angry(thrown), 1)?.cause).toBe(thrown)
  })

  it('later is said to be no answer, and our own fault', () => {
    expect(
      wrong(
        answering(async () => new Promise(() => undefined)),
        1,
      ),
    ).toMatchObject({
      issues: [{ path: [], expected: 'a schema that answers at once', got: 'a promise' }],
      fault: 'local',
    })
  })

  it.each<[t.Any, unknown, ReadonlyArray<PropertyKey>, string, string]>([
    [t.number, 'x', [], 'number', '"x"'],
    [t.array(t.number), [1, 'x'], [1], 'number', '"x"'],
    [t.tuple([t.number, t.string]), [1, 2], [1], 'string', '2'],
    [t.record(t.string, t.number), { 0: 'x' }, ['0'], 'number', '"x"'],
    [t.intersection([t.type({ a: t.number }), t.type({ b: t.number })]), { a: 1 }, ['b'], 'number', 'undefined'],
  ])('as $name of io-ts has the path to what is wrong [R19]', (type, value, path, expected, got) => {
    expect(wrong(type as Schema, value)?.issues).toMatchObject([{ path, expected, got }])
  })
})

describe('json(), to the bound', () => {
  const decoded = (text: string, maxDepth: number) => json({ maxDepth }).decode(text)._tag

  it('counts levels, and no brackets in texts [R16]', () => {
    expect([decoded('[[]]', 2), decoded('[[],[],[]]', 2), decoded('{"a":"[\\"["}', 1), decoded('"{}"', 0)]).toEqual(
      Array.from({ length: 4 }, () => 'Right'),
    )
    expect([decoded('[[[]]]', 2), decoded('["]",["]",[]]]', 2), decoded('{"a":{}}', 1), decoded('{}', 0)]).toEqual(
      Array.from({ length: 4 }, () => 'Left'),
    )
    expect(json({ maxDepth: 1 }).encode({ a: {} })).toMatchObject({
      left: { what: 'expected at most 1 levels, got more' },
    })
  })

  it('takes keys that change no prototype, and what says itself what it is', () => {
    for (const text of ['{"constructor":null}', '{"constructor":[]}', '["proto"]', '{"x":{"prototype":1}}']) {
      expect(json().decode(text)).toEqual({ _tag: 'Right', right: JSON.parse(text) as unknown })
    }
    expect(json().encode({ toJSON: () => ({ b: null }), n: NaN })).toEqual({ _tag: 'Right', right: '{"b":null}' })
  })
})

describe('a number that counts', () => {
  it.each([
    [bytes(i8), 'ff', 'expected how many there are, got -1 at 0'],
    [bytes(u64), '0020000000000000', 'expected how many there are, got 9007199254740992n at 0'],
    [struct({ n: i8, all: bytes(field('n')) }), 'ff', "all: expected how many there are in field 'n', got -1 at 1"],
    [
      struct({ n: i8, all: bytes(field('n', { less: -2 })) }),
      'ff',
      "all: expected how many there are in field 'n', got -1 at 1",
    ],
  ])('is none below zero, nor beyond 2^53: $0.name [R18]', (codec, digits, line) => {
    expect(reads(forced(codec), digits)).toEqual([line])
  })

  it('may be more than there is, by as much as the field says [R15]', () => {
    expect(reads(struct({ n: u8, all: bytes(field('n', { less: 2 })) }), '02')).toEqual({
      n: 2,
      all: new Uint8Array(0),
    })
    expect(reads(struct({ n: u8, all: bytes(field('n', { less: -1 })) }), '00 aa')).toEqual({
      n: 0,
      all: Uint8Array.of(0xaa),
    })
  })

  it('is no checksum unless it is whole, and of one its lowest bits count [R18]', () => {
    for (const [sum, got] of [
      [1.5, '1.5'],
      [NaN, 'NaN'],
      ['x', '"x"'],
    ] as const) {
      expect(
        writes(
          checksum(u8, () => forced(sum), u8),
          7,
        ),
      ).toBe(`expected a checksum, got ${got}`)
    }
    expect(
      reads(
        checksum(u16, () => 0x10001, u8),
        '07 0001',
      ),
    ).toBe(7)
    expect(
      reads(
        checksum(u8, () => -1, u8),
        '07 ff',
      ),
    ).toBe(7)
  })
})
