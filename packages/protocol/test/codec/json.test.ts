import { codecLaws, hostileBytes, mutate, mutation } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from '../../src/codec/internal/jsonFault.ts'
import { WrongOption, json } from '../../src/index.ts'

const codec = json()

/** The one issue of a text that is refused, or what it was read as. */
const issue = (text: string, options = {}) => {
  const result = json(options).decode(text)
  return result._tag === 'Left' ? result.left.issues[0] : result.right
}

const refuses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}

const tokens = fc.array(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"a"',
    '"',
    '\\',
    'u00e9',
    '1',
    '-',
    '.',
    'e',
    '0',
    'true',
    'null',
    ' ',
    '\n',
  ),
  { maxLength: 12 },
)
const mutated = fc
  .tuple(fc.json(), fc.array(mutation(), { maxLength: 3 }))
  .map(([text, all]) => Buffer.from(mutate(Buffer.from(text), all)).toString())
/** Without exponents that make `Infinity`, which cannot be sent again. */
const texts = fc
  .oneof(
    fc.json(),
    tokens.map((all) => all.join('')),
    mutated,
    hostileBytes().map((bytes) => Buffer.from(bytes).toString('latin1')),
  )
  .filter((text) => !/[eE]\+?\d{3}/.test(text))

/** JSON reads `-0` and writes `0`. */
const equals = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

describe('json()', () => {
  const value = fc.jsonValue({ maxDepth: 4 }).filter((one) => !JSON.stringify(one).includes('__proto__'))
  const junk = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
  it.each(codecLaws(codec, { value, wire: texts, equals, junk }).map((law) => [law.name, law.run] as const))(
    '%s',
    (_name, run) => {
      run()
    },
  )

  it('finds a fault in exactly the texts that the engine refuses, whatever it calls it [R19]', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const fault = jsonFault(text)
        expect(fault !== null).toBe(refuses(text))
        // nothing before the fault is at fault: with the right thing there it goes on
        if (fault !== null) expect(fault.at).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    ['', 0, 'a value'],
    ['tru', 0, 'a value'],
    ['{"a":tru}', 5, 'a value'],
    ['{"a" 1}', 5, ':'],
    ['{a:1}', 1, 'a key or }'],
    ['{"a":1,}', 7, 'a key'],
    ['[1,]', 3, 'a value'],
    ['[,1]', 1, 'a value or ]'],
    ['[1 2]', 3, ', or ]'],
    ['{"a":1]', 6, ', or }'],
    ['[1', 2, ', or ]'],
    ['1 2', 2, 'the end'],
    ['01', 1, 'the end'],
    ['-', 1, 'a digit'],
    ['1.', 2, 'a digit'],
    ['1e+', 3, 'a digit'],
    ['"a', 2, 'a quotation mark'],
    ['"\n"', 1, 'a character that needs no escape'],
    ['"\\x"', 1, 'an escape that JSON has'],
    ['"\\u12g4"', 1, 'an escape that JSON has'],
    ['\ufeff1', 0, 'a value'],
  ])('says of %j that at %i it expected %s [R19]', (text, at, expected) => {
    expect(issue(text)).toMatchObject({ path: [], at, expected })
  })

  it('shows the text around the fault, and no more of it [R19]', () => {
    const long = `{"${'k'.repeat(50)}":?${'x'.repeat(50)}}`
    expect(issue(long)).toMatchObject({ got: `…${'k'.repeat(14)}":▶?${'x'.repeat(15)}…` })
    expect(issue('[')).toMatchObject({ got: 'the end behind [' })
  })

  it('has a bound on nesting, both ways, which brackets in a text do not count for [R16]', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(json({ maxDepth: 3 }).decode(deep(3))._tag).toBe('Right')
    expect(issue(deep(4), { maxDepth: 3 })).toMatchObject({ expected: 'at most 3 levels', got: 'more' })
    expect(issue(deep(65))).toMatchObject({ expected: 'at most 64 levels' })
    expect(issue(`"${'['.repeat(100)}\\"${'{'.repeat(100)}"`)).toBe(`${'['.repeat(100)}"${'{'.repeat(100)}`)
    expect(issue(`[${'{},'.repeat(200)}1]`, { maxDepth: 2 })).toHaveLength(201)
    expect(json({ maxDepth: 1 }).encode([[]])).toMatchObject({ left: { what: 'expected at most 1 levels, got more' } })
    expect(json({ maxDepth: 0 }).decode('1')._tag).toBe('Right')
    expect(() => json({ maxDepth: -1 })).toThrow(WrongOption)
  })

  it('survives a megabyte of brackets, of digits, and of an unfinished text [R18]', () => {
    const many = 1024 * 1024
    for (const text of [
      '['.repeat(many),
      '{"a":'.repeat(many),
      '-'.repeat(many),
      `${'1'.repeat(many)}.`,
      `"${'\\n'.repeat(many)}`,
      ' '.repeat(many),
    ]) {
      expect(json({ maxDepth: many }).decode(text)._tag).toBe('Left')
    }
  })

  it.each([
    ['{"__proto__":{"admin":true}}', ['__proto__']],
    ['{"a":[{"__proto__":1}]}', ['a', 0, '__proto__']],
    ['{"\\u005f_proto__":1}', ['__proto__']],
    ['{"constructor":{"prototype":{"admin":true}}}', ['constructor']],
  ])('refuses %s, which would change a prototype [R18]', (text, path) => {
    expect(issue(text)).toMatchObject({ path, expected: 'no key that changes a prototype' })
    expect(codec.encode(JSON.parse(text))).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })

  it('takes these words where they harm nothing', () => {
    for (const text of ['"__proto__"', '{"constructor":1}', '{"prototype":{}}', '["\\u005f"]']) {
      expect(issue(text)).toEqual(JSON.parse(text))
    }
  })

  it('refuses to send a number that JSON has not, which would be read as null [R15]', () => {
    for (const number of [NaN, Infinity, -Infinity]) {
      expect(codec.encode([1, { a: number }])).toMatchObject({
        left: { what: `[1].a: expected a number that JSON has, got ${String(number)}` },
      })
    }
    expect(codec.encode(NaN)).toMatchObject({ left: { what: 'expected a number that JSON has, got NaN' } })
    expect(codec.encode([null, { a: 'null' }, new Date(NaN)])._tag).toBe('Right')
    expect(issue('1e999')).toBe(Infinity)
  })

  it.each([
    [undefined, 'JSON has no word for undefined'],
    [() => 1, 'JSON has no word for a function'],
    [1n, 'BigInt'],
  ])('refuses to send %s [R15]', (value, what) => {
    const result = codec.encode(value)
    expect(result).toMatchObject({ left: { _tag: 'NotEncodable' } })
    expect(result._tag === 'Left' ? result.left.message : '').toContain(what)
  })

  it('refuses to send a cycle, and a value that throws when it is looked at', () => {
    const cycle: { self?: object } = {}
    cycle.self = cycle
    const angry = {
      get a(): never {
        throw new Error('no')
      },
    }
    for (const value of [cycle, angry]) expect(codec.encode(value)).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })
})
