import * as E from 'fp-ts/lib/Either.js'
import { expression, wholeOption } from '../internal/options.ts'
import { notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import { brief, showPath } from './internal/brief.ts'
import { deeperThan } from './internal/jsonDepth.ts'
import { jsonFault } from './internal/jsonFault.ts'
import type { JsonTrouble } from './internal/jsonTrouble.ts'
import { harmIn, mayHarm, numberLost } from './internal/jsonTrouble.ts'
import { reasonOf } from './internal/reason.ts'
import { Invalid, invalid } from './invalid.ts'

/** What {@link json} does where it is not told otherwise. */
export const JSON_DEFAULTS = { maxDepth: 64 } as const

/** Options of {@link json}. */
export interface JsonOptions {
  /** How many objects and arrays may lie within one another. Default 64: what handles the value may be recursive. */
  readonly maxDepth?: number
}

/**
 * JSON text ⇄ a value that nothing is known of yet; `typed` behind it says what it must be.
 *
 * ```
 *  '{"a":[1,2]}'  ⇄  { a: [1, 2] }        '{"a":tru}'  ▶  Invalid: expected a value, got …"a":▶tru} at 5
 * ```
 *
 * Errors while decoding, `Invalid`: what is no JSON, with the place and the text around it, in words that do not depend on
 * the engine · nesting over `maxDepth` · a key that changes prototypes wherever the value is merged into another:
 * `__proto__`, and `constructor` with a `prototype` inside. A number too large for a `number` is `Infinity`, as JavaScript
 * has it.
 *
 * While encoding, `NotEncodable`: such nesting and such keys, and what JSON has no word for (`NaN`, `Infinity`, a `bigint`,
 * a cycle; `undefined` and functions by themselves). Otherwise the rules of `JSON.stringify` hold, which leaves fields
 * out that are `undefined`, and asks `toJSON`.
 *
 * ```ts
 * import { json } from '@sluice/protocol'
 *
 * const codec = json()
 * console.log(codec.decode('[1, 2]')) // { _tag: 'Right', right: [ 1, 2 ] }
 * const broken = codec.decode('{"a":tru}')
 * console.log(broken._tag === 'Left' ? broken.left.issues[0]?.message : '') // expected a value, got …{"a":▶tru}
 * ```
 */
export const json = (options: JsonOptions = {}): Codec<string, unknown> => {
  const name = expression('json', options)
  const maxDepth = wholeOption(name, 'maxDepth', options.maxDepth, JSON_DEFAULTS.maxDepth, { least: 0 })
  const tooDeep = `at most ${String(maxDepth)} levels`
  return {
    name,
    decode: (text) => {
      if (typeof text !== 'string') return E.left(invalid(name, text, 'a text'))
      if (deeperThan(text, maxDepth)) return E.left(invalid(name, text, tooDeep, { got: 'more' }))
      try {
        const value: unknown = JSON.parse(text)
        const trouble = mayHarm(text) ? harmIn(value) : null
        if (trouble === null) return E.right(value)
        return E.left(new Invalid({ codec: name, issues: [trouble], frame: text }))
      } catch (cause) {
        return E.left(noJson(name, text, cause))
      }
    },
    encode: (value) => {
      try {
        // what it is declared to answer leaves out `undefined`
        const text = JSON.stringify(value) as string | undefined
        if (text === undefined) return notEncodable(name, value, `JSON has no word for ${brief(value)}`)
        if (deeperThan(text, maxDepth)) return notEncodable(name, value, `expected ${tooDeep}, got more`)
        const trouble = troubleOf(value, text)
        if (trouble === null) return E.right(text)
        const { path, expected, got } = trouble
        return notEncodable(
          name,
          value,
          `${path.length === 0 ? '' : `${showPath(path)}: `}expected ${expected}, got ${got}`,
        )
      } catch (cause) {
        return notEncodable(name, value, reasonOf(cause))
      }
    },
  }
}

/** What a value would lose, or do, where it is read. */
const troubleOf = (value: unknown, text: string): JsonTrouble | null =>
  (text.includes('null') ? numberLost(value) : null) ?? (mayHarm(text) ? harmIn(JSON.parse(text)) : null)

const AROUND = 16

const noJson = (codec: string, text: string, cause: unknown): Invalid => {
  // an engine may refuse what is JSON: for its depth, or for want of memory
  const { at, expected } = jsonFault(text) ?? { at: 0, expected: `JSON that can be read (${reasonOf(cause)})` }
  const before = `${at > AROUND ? '…' : ''}${text.slice(Math.max(0, at - AROUND), at)}`
  const behind = `${text.slice(at, at + AROUND)}${at + AROUND < text.length ? '…' : ''}`
  const end = text === '' ? 'an empty text' : `the end behind ${before}`
  const got = at === text.length ? end : `${before}▶${behind}`
  return invalid(codec, text, expected, { got, at })
}
