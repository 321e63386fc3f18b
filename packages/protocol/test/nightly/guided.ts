import { chunkIndependence, cutAt, draw, hostileBytes, mutate, mutation, survival, transcript } from '@sluice/testing'
import type { LawResult } from '@sluice/testing'
import fc from 'fast-check'
import { byteQueue } from '../../src/index.ts'
import type { Entry, Subject } from '../catalogue/entry.ts'
import { subjects } from '../catalogue/laws.ts'
import type { Ran, Watch } from '../catalogue/work.ts'
import { watch } from '../catalogue/work.ts'

const SETS = 9
/** As many random choices are drawn at a time. */
const BATCH = 64
/** Streams do not grow beyond it, in bytes. */
const LONGEST = 512

/**
 * Hostile streams, guided by coverage: a stream that makes a block of code run for the first time, or far more
 * often than any before, is kept, and those that come after are made from what was kept.
 *
 * ```
 *  kept ──pick──▶ mutate ──▶ decode ──▶ new block, or a higher power of two of runs?  ──yes──▶ kept
 * ```
 */
export const guided = (
  entry: Entry,
  { guided: runs, seed }: { readonly guided: number; readonly seed: number },
): number => {
  const all = subjects(entry, { runs: Infinity, seed, sets: SETS })
  const share = Math.ceil(runs / all.length)
  for (const [i, subject] of all.entries()) {
    const watching = watch()
    try {
      hunt(subject, share, seed + i, watching)
    } finally {
      watching.stop()
    }
  }
  return share * all.length
}

const hunt = (subject: Subject, runs: number, seed: number, watching: Watch): void => {
  const reached = new Map<string, number>()
  const kept: Uint8Array[] = [new Uint8Array(0), ...seeds(subject, seed)]
  const choice = fc.tuple(
    fc.nat(),
    fc.nat(),
    fc.array(mutation(), { minLength: 1, maxLength: 4 }),
    fc.option(hostileBytes(16), { freq: 8 }),
    fc.nat({ max: 64 }),
  )
  for (let done = 0; done < runs; done += BATCH) {
    const numRuns = Math.min(BATCH, runs - done)
    const tried = fc.sample(choice, { numRuns, seed: seed + done }).map(([one, other, mutations, fresh, at]) => {
      const base = fresh ?? kept[one % kept.length] ?? new Uint8Array(0)
      const bytes = mutate(base, mutations).subarray(0, LONGEST)
      const spliced = other % 8 === 0 ? Buffer.concat([bytes, kept[other % kept.length] ?? bytes]) : bytes
      return { bytes: spliced, at }
    })
    watching.ran()
    for (const { bytes, at } of tried) {
      transcript(subject.protocol.decoder(), cutAt(bytes, [at]))
      if (isNews(reached, watching.ran())) kept.push(bytes)
    }
    for (const { bytes, at } of tried) check(subject, bytes, at)
  }
}

const check = ({ protocol, laws, except }: Subject, bytes: Uint8Array, at: number): void => {
  const given = { bytes, chunking: [at] }
  const results: LawResult[] = [survival(protocol, { ...given, maxFrameBytes: laws.maxFrameBytes })]
  if (!except.includes('chunkIndependence')) results.push(chunkIndependence(protocol, given))
  for (const result of results) if (result._tag === 'Broken') throw new Error(`${protocol.name}\n${draw(result)}`)
}

/** Whether a block ran that never ran before, or twice as often as ever. */
const isNews = (reached: Map<string, number>, ran: ReadonlyMap<string, Ran>): boolean => {
  let news = false
  for (const [block, { count }] of ran) {
    const power = Math.ceil(Math.log2(count))
    if (power <= (reached.get(block) ?? -1)) continue
    reached.set(block, power)
    news = true
  }
  return news
}

const seeds = ({ protocol, laws }: Subject, seed: number): ReadonlyArray<Uint8Array> =>
  fc.sample(laws.message, { numRuns: 8, seed }).map((message) => {
    const out = byteQueue()
    protocol.encode(message, out)
    return out.take()
  })
