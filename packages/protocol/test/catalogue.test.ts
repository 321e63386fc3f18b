import { hostileBytes, protocolLaws, sameOutcome, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { byteQueue } from '../src/index.ts'
import type { Entry, Subject } from './catalogue/entry.ts'
import { REQUIRED } from './catalogue/entry.ts'
import { COMBINATORS } from './catalogue/combinators.ts'
import { CATALOGUE } from './catalogue/index.ts'
import type { LawKey } from './catalogue/lawKeys.ts'
import { LAWS } from './catalogue/lawKeys.ts'
import { lawsOf, subjects } from './catalogue/laws.ts'
import { linesEntry } from './catalogue/lines.ts'

const KEYS = Object.keys(LAWS) as LawKey[]

/** What a framing makes of messages and of bytes, as far as it can be told from outside. */
const behaviourOf = ({ protocol }: Subject, messages: readonly unknown[], bytes: Uint8Array) => {
  const out = byteQueue()
  const written = messages.map((message) => {
    const result = protocol.encode(message, out)
    return E.isLeft(result) ? result.left._tag : null
  })
  const stream = Buffer.concat([out.take(), bytes])
  return { written, stream, read: transcript(protocol.decoder(), [stream]) }
}

const ALL = [...CATALOGUE, ...COMBINATORS]

describe('the catalogue', () => {
  it('knows every law of the kit', () => {
    const { protocol, laws } = linesEntry.plain
    expect(protocolLaws(protocol, laws).map(({ name }) => name)).toEqual(expect.arrayContaining(Object.values(LAWS)))
    expect(protocolLaws(protocol, laws)).toHaveLength(KEYS.length)
  })

  it.each(ALL)('says why $name is left out of a law, and only where it is', (entry) => {
    const all = subjects(entry, { runs: Infinity, seed: 1, sets: 100 })
    const left = KEYS.filter((key) => all.some((subject) => !lawsOf(subject).some(({ name }) => name === LAWS[key])))
    expect(Object.keys(entry.exempt).sort()).toEqual([...left].sort())
  })

  const defaults = ALL.flatMap((entry) =>
    Object.entries(entry.options)
      .filter(([, row]) => row.default !== undefined && row.default !== REQUIRED)
      .map(([option, row]): [name: string, option: string, given: unknown, entry: Entry] => [
        entry.name,
        option,
        row.default,
        entry,
      ]),
  )

  it.each(defaults)('tells the default of %s: %s is %j', (_name, option, given, entry) => {
    const said = entry.given({ [option]: given })
    if (said === null) throw new Error('the default is refused')
    const { message, refused = message, hostile = hostileBytes() } = entry.plain.laws
    const messages = fc.array(fc.oneof(message, refused), { maxLength: 4 })
    fc.assert(
      fc.property(messages, fc.oneof(hostile, hostileBytes()), (some, bytes) => {
        const [plain, explicit] = [entry.plain, said].map((subject) => behaviourOf(subject, some, bytes))
        expect(explicit?.written).toEqual(plain?.written)
        expect(explicit?.stream).toEqual(plain?.stream)
        expect(explicit?.read.messages).toEqual(plain?.read.messages)
        if (plain === undefined || explicit === undefined) throw new Error('nothing to compare')
        expect(sameOutcome(plain.read.outcome, explicit.read.outcome)).toBe(true)
      }),
    )
  })
})
