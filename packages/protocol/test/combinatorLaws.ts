import type { LawResult } from '@sluice/testing'
import {
  chunkIndependence,
  chunking,
  draw,
  framesStay,
  hostileBytes,
  isolation,
  mutate,
  mutation,
  roundTrip,
  silenceAfterError,
  stopAndResume,
  survival,
  truncation,
  unreadBytes,
  wholeOrNothing,
} from '@sluice/testing'
import fc from 'fast-check'
import { it } from 'vitest'
import type { Protocol } from '../src/index.ts'
import { byteQueue } from '../src/index.ts'
import { CATALOGUE } from './catalogue/index.ts'
import { LAWS } from './catalogue/lawKeys.ts'
import type { LawKey } from './catalogue/lawKeys.ts'
import { subjects } from './catalogue/laws.ts'

/** A framing that a combinator is tried with. */
export interface Part {
  readonly protocol: Protocol<unknown, unknown>
  readonly message: fc.Arbitrary<unknown>
  readonly read: (sent: unknown) => unknown
  /** Bytes made to hurt it. */
  readonly hostile: fc.Arbitrary<Uint8Array>
}

/** A protocol, and what the laws need of it. */
export interface Combined<In, Out> {
  readonly protocol: Protocol<In, Out>
  /** Whole streams: what may be sent one after the other. */
  readonly messages: fc.Arbitrary<ReadonlyArray<Out>>
  readonly read: (sent: Out) => In
  readonly hostile: fc.Arbitrary<Uint8Array>
  /** Laws that cannot be asked of it. */
  readonly except?: ReadonlyArray<LawKey>
}

const { numRuns = 100, seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

/** Every framing that every law holds of, as it comes and under two sets of options drawn at random. */
export const PARTS: ReadonlyArray<Part> = CATALOGUE.flatMap((entry) => subjects(entry, { runs: 40, seed, sets: 2 }))
  .filter(({ laws, except }) => except.length === 0 && laws.truncates !== false && laws.equals === undefined)
  .map(({ protocol, laws }) => ({
    protocol,
    message: laws.message,
    read: laws.read ?? ((sent) => sent),
    hostile: laws.hostile ?? hostileBytes(),
  }))

/** So many pairs of framings, drawn at random. */
export const pairs = (count: number): ReadonlyArray<readonly [Part, Part]> => {
  const part = fc.constantFrom(...PARTS)
  return fc.sample(fc.tuple(part, part), { numRuns: count, seed })
}

/** One test a law, over all the protocols: a thousand cases in all. */
export const itKeepsTheLaws = <In, Out>(all: ReadonlyArray<Combined<In, Out>>): void => {
  const runs = Math.ceil((10 * numRuns) / all.length)
  for (const key of Object.keys(LAWS) as ReadonlyArray<LawKey>) {
    const asked = all.filter(({ except = [] }) => key !== 'limits' && !except.includes(key))
    if (asked.length === 0) continue
    it(LAWS[key], () => {
      for (const one of asked) tryLaw(key, one, runs)
    })
  }
}

const tryLaw = <In, Out>(key: LawKey, one: Combined<In, Out>, runs: number): void => {
  const { protocol, messages, read } = one
  const valid = fc.record({ messages, chunking: chunking(), take: fc.nat({ max: 4 }), before: hostileBytes(4) })
  const encoded = messages.map((all) => {
    const out = byteQueue()
    for (const message of all) protocol.encode(message, out)
    return out.take()
  })
  const mutated = fc.tuple(encoded, fc.array(mutation(), { maxLength: 3 })).map(([bytes, how]) => mutate(bytes, how))
  const bytes = fc.oneof(hostileBytes(), mutated, one.hostile)
  const stops = fc.array(fc.nat({ max: 8 }), { maxLength: 4 })
  const any = fc.record({ bytes, chunking: chunking(), stops, valid: encoded, streams: fc.tuple(bytes, bytes) })
  const check = <A>(cases: fc.Arbitrary<A>, law: (drawn: A) => LawResult) => {
    const property = fc.property(cases, (drawn) => {
      const result = law(drawn)
      if (result._tag === 'Broken') throw new Error(`${protocol.name}\n${draw(result)}`)
    })
    fc.assert(property, { numRuns: runs, includeErrorInReport: true })
  }
  switch (key) {
    case 'roundTrip':
      return check(valid, (drawn) => roundTrip(protocol, { ...drawn, read }))
    case 'unreadBytes':
      return check(valid, (drawn) => unreadBytes(protocol, { ...drawn, read }))
    case 'truncation':
      return check(valid, (drawn) => truncation(protocol, drawn))
    case 'wholeOrNothing':
      return check(valid, (drawn) => wholeOrNothing(protocol, drawn))
    case 'chunkIndependence':
      return check(any, (drawn) => chunkIndependence(protocol, drawn))
    case 'stopAndResume':
      return check(any, (drawn) => stopAndResume(protocol, drawn))
    case 'silenceAfterError':
      return check(any, (drawn) => silenceAfterError(protocol, drawn))
    case 'survival':
      return check(any, (drawn) => survival(protocol, drawn))
    case 'isolation':
      return check(any, (drawn) => isolation(protocol, drawn))
    case 'framesStay':
      return check(any, (drawn) => framesStay(protocol, drawn))
    case 'limits':
      return
  }
}
