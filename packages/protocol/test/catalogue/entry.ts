import type { LawOptions } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { Protocol } from '../../src/index.ts'
import { WrongOption, byteQueue } from '../../src/index.ts'
import { show } from '../../src/internal/show.ts'
import type { LawKey } from './lawKeys.ts'

/** What stands for the default of an argument that has none. */
export const REQUIRED = Symbol('required')

/** One option of a framing. */
export interface OptionRow<T> {
  /** What the framing does without it; undefined: it is not there, {@link REQUIRED}: it must be. */
  readonly default: T | typeof REQUIRED | undefined
  /** The values the laws are run under. */
  readonly drawn: fc.Arbitrary<T>
  /** The default in words, where it depends on other options. */
  readonly says?: string
}

/** Every option of a framing: one that is added to it and not here does not compile. */
export type OptionRows<O> = { readonly [K in keyof O]-?: OptionRow<Exclude<O[K], undefined>> }

/** What the laws need of a framing under some options. */
export type Behaviour<In, Out> = Omit<LawOptions<In, Out>, 'runs' | 'seed' | 'path'> & {
  /** Laws that cannot be asked of it under these options; {@link Framing.exempt} says why. */
  readonly except?: ReadonlyArray<LawKey>
}

/** A framing as it is written into the catalogue. */
export interface Framing<O extends object, In, Out> {
  readonly name: string
  /** One line: what a frame is. */
  readonly about: string
  /** The documents that define it, where there are any. */
  readonly source?: string
  readonly options: OptionRows<O>
  readonly build: (options: O) => Protocol<In, Out>
  /** Messages need not all be encodable: those that are not are left out where they must be. */
  readonly behaviour: (options: O) => Behaviour<In, Out>
  /** Why a law cannot be asked of it, or not under every option. */
  readonly exempt?: Exemptions
}

/** A reason for each law that is left out. */
export type Exemptions = Readonly<Partial<Record<LawKey, string>>>

/** A protocol, and what the laws need of it. */
export interface Subject {
  readonly options: Readonly<Record<string, unknown>>
  readonly protocol: Protocol<unknown, unknown>
  readonly laws: LawOptions<unknown, unknown>
  readonly except: ReadonlyArray<LawKey>
}

/** A framing as tests, the table and the nightly run see it: the types of its messages are forgotten. */
export interface Entry {
  readonly name: string
  readonly about: string
  readonly source: string | undefined
  readonly exempt: Exemptions
  readonly options: Readonly<Record<string, OptionRow<unknown>>>
  /** The framing with only what it must be given. */
  readonly plain: Subject
  /** The framing under options drawn at random, impossible ones left out. */
  readonly drawn: fc.Arbitrary<Subject>
  /** The framing with those options beside what it must be given, or null where they are impossible. */
  readonly given: (options: Readonly<Record<string, unknown>>) => Subject | null
}

/** Writes a framing into the catalogue. */
export const entry = <O extends object, In, Out>(framing: Framing<O, In, Out>): Entry => {
  const { name, about, source, exempt = {} } = framing
  const options = framing.options as Readonly<Record<string, OptionRow<unknown>>>
  const required = Object.keys(options).filter((option) => options[option]?.default === REQUIRED)
  const least = Object.fromEntries(required.map((option) => [option, simplest(options[option]?.drawn ?? fc.nat())]))
  const subject = (given: Readonly<Record<string, unknown>>): Subject | null => {
    const built = building(() => framing.build(given as O))
    if (built === null) return null
    const { message, except = [], ...behaviour } = framing.behaviour(given as O)
    const encodable = message.filter((one) => E.isRight(built.encode(one, byteQueue())))
    const laws = { refused: message, ...behaviour, message: encodable }
    return {
      options: given,
      protocol: built as Protocol<unknown, unknown>,
      laws: laws as unknown as LawOptions<unknown, unknown>,
      except,
    }
  }
  const given = (some: Readonly<Record<string, unknown>>) => subject({ ...least, ...some })
  const all = Object.fromEntries(Object.entries(options).map(([option, row]) => [option, row.drawn] as const))
  const drawn = fc
    // all of them, or some
    .oneof(fc.record(all), fc.record(all, { requiredKeys: required }))
    .map((some) => subject(some))
    .filter((one) => one !== null)
  const plain = given({})
  if (plain === null) throw new Error(`${name} cannot be built with ${show(least)}`)
  return { name, about, source, exempt, options, plain, drawn, given }
}

const building = <A>(build: () => A): A | null => {
  try {
    return build()
  } catch (thrown) {
    if (thrown instanceof WrongOption) return null
    throw thrown
  }
}

/** A value that is always the same one. */
const simplest = <A>(drawn: fc.Arbitrary<A>): A | undefined => fc.sample(drawn, { numRuns: 1, seed: 1 })[0]

/** Values as they are, each as likely as the others. */
export const oneOf = <const A>(...values: readonly A[]): fc.Arbitrary<A> => fc.constantFrom(...values)

/** Limits that are met often, and one that never is. */
export const limitsFrom = (least: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 3, arbitrary: fc.integer({ min: least, max: least + 24 }) }, fc.constant(65_536))

/** As `fc.record`, of plain objects. */
export const record = <A extends object>(parts: { readonly [K in keyof A]: fc.Arbitrary<A[K]> }): fc.Arbitrary<A> =>
  fc.record<A>(parts, { noNullPrototype: true })
