import { codecLaws } from '@sluice/testing'
import { type } from 'arktype'
import fc from 'fast-check'
import * as t from 'io-ts'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Codec, StandardSchema } from '../../src/index.ts'
import { Invalid, WrongOption, issueLine, typed, typedAsync } from '../../src/index.ts'

interface User {
  name: string
  age: number
  tags: string[]
}

const schemas: Readonly<Record<string, Codec<unknown, User>>> = {
  'io-ts': typed(t.type({ name: t.string, age: t.number, tags: t.array(t.string) }, 'User')),
  zod: typed(z.object({ name: z.string(), age: z.number(), tags: z.array(z.string()) })),
  valibot: typed(v.object({ name: v.string(), age: v.number(), tags: v.array(v.string()) })),
  arktype: typed(type({ name: 'string', age: 'number', tags: 'string[]' })),
}

const value: fc.Arbitrary<User> = fc.record(
  { name: fc.string(), age: fc.integer(), tags: fc.array(fc.string()) },
  { noNullPrototype: true },
)

/** A schema by hand. */
const schemaOf = (validate: StandardSchema['~standard']['validate']): StandardSchema => ({
  '~standard': { version: 1, vendor: 'ours', validate },
})

/** What is wrong with a value, a line an issue. */
const lines = (codec: Codec<unknown, unknown, never>, wire: unknown): ReadonlyArray<string> => {
  const result = codec.decode(wire)
  return result._tag === 'Left' ? result.left.issues.map(issueLine) : []
}

describe.each(Object.entries(schemas))('typed() of %s', (library, codec) => {
  const wire = fc.oneof(
    value,
    fc.anything(),
    fc.record({ name: fc.anything(), age: fc.anything(), tags: fc.anything() }),
  )
  it.each(codecLaws(codec, { value, wire }).map((law) => [law.name, law.run] as const))('%s', (_name, run) => {
    run()
  })

  it('says what is wrong a line an issue: path, what belongs there, what is there [R19]', () => {
    const result = codec.decode({ name: 'ann', age: 'x', tags: ['a', 1] })
    if (result._tag === 'Right') throw new Error('it was read')
    expect(result.left).toBeInstanceOf(Invalid)
    expect(result.left.issues.map(({ path, got }) => ({ path, got }))).toEqual([
      { path: ['age'], got: '"x"' },
      { path: ['tags', 1], got: '1' },
    ])
    expect(result.left.issues.map(({ expected }) => expected)).toEqual(
      library === 'arktype' ? ['a number', 'a string'] : ['number', 'string'],
    )
    expect(result.left.message.split('\n')).toHaveLength(3)
  })

  it('does not send what it would not read [R15]', () => {
    const wrong = codec.encode({ name: 'ann', age: 'x' } as unknown as User)
    expect(wrong).toMatchObject({ left: { _tag: 'NotEncodable', fault: 'local' } })
    expect(wrong._tag === 'Left' ? wrong.left.message : '').toContain('age')
  })

  it('keeps sixteen issues of many, and counts the others [R18]', () => {
    const result = codec.decode({ name: 'ann', age: 1, tags: Array.from({ length: 1000 }, (_, i) => i) })
    expect(result).toMatchObject({ left: { more: 984 } })
    if (result._tag === 'Left') expect(result.left.message).toMatch(/and 984 more$/)
  })
})

describe('typed()', () => {
  it('reads what a schema makes of a value, and sends what it is made of', () => {
    const date = typed(z.object({ at: z.iso.datetime().transform((text) => new Date(text)), n: z.number().default(1) }))
    const text = '2026-11-21T00:00:00Z'
    expect(date.decode({ at: text })).toEqual({ _tag: 'Right', right: { at: new Date(text), n: 1 } })
    expect(date.encode({ at: text })).toEqual({ _tag: 'Right', right: { at: text } })
    expect(date.encode({ at: 'yesterday' })).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })

  it('goes both ways with io-ts', () => {
    const Year = new t.Type<Date, number>(
      'Year',
      (u): u is Date => u instanceof Date,
      (u, c) => (typeof u === 'number' ? t.success(new Date(u, 0)) : t.failure(u, c)),
      (date) => date.getFullYear(),
    )
    const codec = typed(t.type({ year: Year }))
    expect(codec.decode({ year: 1984 })).toEqual({ _tag: 'Right', right: { year: new Date(1984, 0) } })
    expect(codec.encode({ year: new Date(1984, 0) })).toEqual({ _tag: 'Right', right: { year: 1984 } })
    expect(codec.encode({ year: 1984 as unknown as Date })).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })

  it('leaves the numbers of unions and intersections out of the path', () => {
    const Shape = t.union([t.type({ side: t.number }), t.type({ radius: t.number })])
    expect(lines(typed(t.type({ shape: Shape })), { shape: {} })).toEqual([
      'shape.side: expected number, got undefined',
      'shape.radius: expected number, got undefined',
    ])
  })

  it('is named by the schema, or by its user', () => {
    expect(typed(t.type({ a: t.number }, 'A')).name).toBe('typed(A)')
    expect([typed(z.string()).name, typed(type('string')).name]).toEqual(['typed(zod)', 'typed(arktype)'])
    const named = typed(v.string(), { name: 'Name' })
    expect(named.name).toBe('typed(Name)')
    expect(named.decode(1)).toMatchObject({ left: { codec: 'Name' } })
  })

  it('makes an error as a value of what a schema throws', () => {
    const angry = schemaOf(() => {
      throw new Error('no')
    })
    expect(lines(typed(angry), 'x')).toEqual(['no'])
    expect(typed(angry).decode('x')).toMatchObject({ left: { fault: 'remote', cause: { message: 'no' } } })
    expect(typed(angry).encode('x')).toMatchObject({ left: { _tag: 'NotEncodable', what: 'no' } })
  })

  it('refuses a schema that takes time, as our own fault, and leaves no rejection behind', async () => {
    const slow = z.string().refine(async () => Promise.resolve(true))
    const failing = schemaOf(async () => Promise.reject(new Error('later')))
    for (const codec of [typed(slow), typed(failing)]) {
      expect(codec.decode('x')).toMatchObject({ left: { _tag: 'Invalid', fault: 'local' } })
      expect(lines(codec, 'x')).toEqual(['the schema is asynchronous, or throws: see typedAsync()'])
      expect(codec.encode('x')).toMatchObject({ left: { _tag: 'NotEncodable' } })
    }
    // an unhandled rejection would fail the run
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('sends unchecked what it is told to', () => {
    let asked = 0
    const counted = schemaOf((one) => {
      asked++
      return { value: one }
    })
    expect(typed(counted, { checkSent: false }).encode(1)).toEqual({ _tag: 'Right', right: 1 })
    expect(asked).toBe(0)
    typed(counted).encode(1)
    expect(asked).toBe(1)
  })

  it.each([undefined, null, {}, 'zod', (x: unknown) => x])('refuses %s as a schema', (schema) => {
    expect(() => typed(schema as StandardSchema)).toThrow(WrongOption)
    expect(() => typedAsync(schema as StandardSchema)).toThrow(WrongOption)
  })
})

describe('typedAsync()', () => {
  const known = z.number().refine(async (id) => Promise.resolve(id === 1), 'unknown')

  it('answers later, with the value or with what is wrong', async () => {
    const read = typedAsync(known, { name: 'Id' })
    expect(await read(1)).toEqual({ _tag: 'Right', right: 1 })
    expect(await read(2)).toMatchObject({ left: { _tag: 'Invalid', codec: 'Id', issues: [{ message: 'unknown' }] } })
    expect(await typedAsync(t.number)('x')).toMatchObject({ left: { issues: [{ expected: 'number', got: '"x"' }] } })
  })

  it('never fails: what the schema fails with is an error as a value', async () => {
    const failing = schemaOf(async () => Promise.reject(new Error('no database')))
    expect(await typedAsync(failing)('x')).toMatchObject({ left: { issues: [{ message: 'no database' }] } })
  })
})
