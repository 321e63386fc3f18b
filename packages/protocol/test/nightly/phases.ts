import { chunkIndependence, draw } from '@sluice/testing'
import fc from 'fast-check'
import { byteQueue } from '../../src/index.ts'
import type { Entry, Subject } from '../catalogue/entry.ts'
import { LAWS } from '../catalogue/lawKeys.ts'
import type { LawKey } from '../catalogue/lawKeys.ts'
import { lawNames, subjects, tryLaw } from '../catalogue/laws.ts'
import { doubling, dripper } from '../catalogue/linearity.ts'
import { guided } from './guided.ts'

/** How long the run is. */
export interface Scale {
  /** Random splits of valid streams. */
  readonly splits: number
  /** Hostile streams per law: random bytes and mutations of valid ones. */
  readonly hostile: number
  /** Streams of which every split in two is tried. */
  readonly corpus: number
  /** Hostile streams whose successors are chosen by the code they reach. */
  readonly guided: number
  /** The frame that is dripped byte by byte, and twice that. */
  readonly frameBytes: number
  readonly seed: number
}

/** One part of the run: answers how many cases it tried, and throws at the first that breaks a law. */
export interface Phase {
  readonly name: string
  readonly run: (entry: Entry, scale: Scale) => number
}

/** So many sets of options a law is tried with. */
const SETS = 200

const laws =
  (keys: readonly LawKey[], runsOf: (scale: Scale) => number): Phase['run'] =>
  (entry, scale) => {
    const asked = lawNames(entry)
    const names = keys.map((key) => LAWS[key]).filter((name) => asked.includes(name))
    for (const name of names) tryLaw(entry, name, { runs: runsOf(scale), seed: scale.seed, sets: SETS })
    return names.length * runsOf(scale)
  }

/** Streams that mean something: messages, encoded one behind the other. */
const corpusOf = ({ protocol, laws: { message } }: Subject, count: number, seed: number): ReadonlyArray<Uint8Array> =>
  fc.sample(fc.array(message, { maxLength: 6 }), { numRuns: count, seed }).map((messages) => {
    const out = byteQueue()
    for (const one of messages) protocol.encode(one, out)
    return out.take()
  })

/** Every split in two of every stream, and the stream one byte at a time; each piece lies in foreign bytes. */
const everySplit: Phase['run'] = (entry, { corpus, seed }) => {
  let tried = 0
  const all = subjects(entry, { runs: Infinity, seed, sets: 9 })
  for (const subject of all) {
    if (subject.except.includes('chunkIndependence')) continue
    for (const bytes of corpusOf(subject, Math.ceil(corpus / all.length), seed)) {
      for (let at = 0; at <= bytes.length; at++) {
        const result = chunkIndependence(subject.protocol, { bytes, chunking: [at] })
        if (result._tag === 'Broken') throw new Error(`${subject.protocol.name}\n${draw(result)}`)
        tried++
      }
    }
  }
  return tried
}

/** A frame and one of twice its size, byte by byte: by work, and by the time this process took. */
const linearity: Phase['run'] = ({ name, plain }, { frameBytes }) => {
  const work = doubling(plain, { frameBytes, pieceBytes: 1 })
  const time = doubledTime(plain, frameBytes)
  if (work === null || time === null) return 0
  console.log(`    ${name}: ${work.toFixed(2)} times the work, ${time.toFixed(2)} times the time for twice the frame`)
  if (work >= 2.3) throw new Error(`${name}: twice the frame is ${work.toFixed(2)} times the work`)
  return 2
}

const doubledTime = (subject: Subject, frameBytes: number): number | null => {
  const once = dripper(subject, { frameBytes, pieceBytes: 1 })
  const twice = dripper(subject, { frameBytes: 2 * frameBytes, pieceBytes: 1 })
  return once === null || twice === null ? null : median(twice) / median(once)
}

const median = (run: () => void): number =>
  [1, 2, 3]
    .map(() => {
      const before = process.cpuUsage()
      run()
      return process.cpuUsage(before).user
    })
    .sort((a, b) => a - b)[1] ?? NaN

export const PHASES: ReadonlyArray<Phase> = [
  { name: 'splits', run: laws(['roundTrip', 'unreadBytes'], ({ splits }) => splits) },
  { name: 'every split in two', run: everySplit },
  {
    name: 'hostile',
    run: laws(['survival', 'silenceAfterError', 'chunkIndependence', 'stopAndResume'], ({ hostile }) => hostile),
  },
  { name: 'guided', run: (entry, scale) => guided(entry, scale) },
  { name: 'linearity', run: linearity },
]
