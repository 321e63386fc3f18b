import type { ConnectionOptions } from '@sluice/net'
import type { Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import fc from 'fast-check'
import { chunking } from './chunkings.ts'
import type { EventualLaw } from './eventualLaw.ts'
import { hostileStreams, validStreams } from './hostileStreams.ts'
import type { RunOptions } from './internal/holds.ts'
import { holdsInTime } from './internal/holds.ts'
import type { MakeHandler } from './internal/rehearsal.ts'
import type { Stage } from './internal/stageOf.ts'
import type { Law, LawResult } from './law.ts'
import { KEEPS_APART, keepsApart } from './laws/handler/keepsApart.ts'
import { RESPECTS_FULL, respectsFull } from './laws/handler/respectsFull.ts'
import { SAME_OUTPUT, sameOutput } from './laws/handler/sameOutput.ts'
import { SILENT_AFTER_END, silentAfterEnd } from './laws/handler/silentAfterEnd.ts'
import { SURVIVES_ANYTHING, survivesAnything } from './laws/handler/survivesAnything.ts'
import { ENDINGS, survivesEnds } from './laws/handler/survivesEnds.ts'
import { schedules } from './schedules.ts'

/** What writes the messages of the peer. */
export type PeerEncoder<In> = Pick<Protocol<unknown, In>, 'encode'>

/** What the peer speaks: the protocol itself unless said; to be said where what is read is not what is sent. */
export type PeerOf<In, Out> = [In] extends [Out]
  ? { readonly peer?: PeerEncoder<In> }
  : { readonly peer: PeerEncoder<In> }

/** What the laws need to know of a handler; `message` is enough for most. */
export type HandlerLawOptions<In, Out> = RunOptions &
  PeerOf<In, Out> & {
    /** What the peer may say. */
    readonly message: fc.Arbitrary<In>
    /** What a failure calls it. Default `the handler`. */
    readonly name?: string
    /** Bytes made to hurt, beside mutations of valid streams. */
    readonly hostile?: fc.Arbitrary<Uint8Array>
    /** Whether the same input has the same output (R4, R7, R26). Default true; false where chance or the time of day counts. */
    readonly deterministic?: boolean
    /** Whether its connections know of one another, as in a chat (leaves out R26). Default false. */
    readonly shares?: boolean
    /** Options of the connections it is tried on. */
    readonly connection?: ConnectionOptions
  }

/**
 * The laws of a handler, each a property over conversations in memory; no test framework needed.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { handlerLaws } from '@sluice/testing'
 * import fc from 'fast-check'
 * import { map } from 'rxjs'
 * import { describe, it } from 'vitest'
 *
 * describe('shout', () => {
 *   const message = fc.stringMatching(/^[a-z]{0,9}$/)
 *   const laws = handlerLaws(lines(), () => map((line) => line.toUpperCase()), { message, runs: 25 })
 *   for (const law of laws) it(law.name, law.run)
 * })
 * ```
 *
 * `make` is called anew for every case, with a clock that stands still until everything else has had its turn: that of the
 * connection, too.
 *
 * | rule | law |
 * |---|---|
 * | R4 | {@link sameOutput} (if `deterministic`) |
 * | R7 | {@link respectsFull} (if `deterministic`; a tenth of the cases) |
 * | R8 | {@link silentAfterEnd} |
 * | R12, R13, R14 | {@link survivesEnds}, once for a reset, a FIN, and an unsubscription |
 * | R12 | {@link survivesAnything} |
 * | R26 | {@link keepsApart} (if `deterministic`, unless it `shares`) |
 */
export const handlerLaws = <In, Out>(
  protocol: Protocol<In, Out>,
  make: MakeHandler<In, Out>,
  options: HandlerLawOptions<In, Out>,
): ReadonlyArray<EventualLaw> => {
  const stage: Stage<In, Out> = { protocol, make, connection: options.connection ?? {} }
  const law: MakeLaw = (about, cases, predicate, share = 1) => ({
    name: `${about.title} [${about.rule}]`,
    run: () => holdsInTime(options.name ?? 'the handler', about, cases, predicate, shareOf(options, share)),
  })
  const peer = peerOf(protocol, options)
  const bytes = validStreams(peer, options.message)
  const { hostile, deterministic = true, shares = false } = options
  const any = fc.oneof(hostileStreams(peer, options.message), ...(hostile === undefined ? [] : [hostile]))
  const ended = fc.record({ bytes, chunking: chunking({ maxCuts: 4 }), after: fc.nat({ max: 64 }) })
  return [
    ...ENDINGS.map((ending) => law(ending.law, ended, (one) => survivesEnds(stage, ending, one))),
    law(SILENT_AFTER_END, fc.record({ schedule: schedules(bytes) }), (one) => silentAfterEnd(stage, one)),
    ...(deterministic ? steadyLaws(stage, { bytes, peer, shares, message: options.message }, law) : []),
    law(SURVIVES_ANYTHING, fc.record({ schedule: schedules(any) }), (one) => survivesAnything(stage, one)),
  ]
}

type MakeLaw = <C>(
  about: Law,
  cases: fc.Arbitrary<C>,
  predicate: (one: C) => Promise<LawResult>,
  share?: number,
) => EventualLaw

/** Laws of handlers whose output is decided by their input. */
const steadyLaws = <In, Out>(
  stage: Stage<In, Out>,
  { bytes, peer, message, shares }: Steady<In>,
  law: MakeLaw,
): ReadonlyArray<EventualLaw> => {
  const frames = fc.array(message, { maxLength: 6 }).map((all) => all.map((one) => frameOf(peer, one)))
  return [
    law(SAME_OUTPUT, fc.record({ bytes, chunking: chunking({ maxCuts: 4 }) }), (one) => sameOutput(stage, one)),
    law(RESPECTS_FULL, fc.record({ bytes }), (one) => respectsFull(stage, one), 10),
    ...(shares ? [] : [law(KEEPS_APART, fc.record({ frames }), (one) => keepsApart(stage, one))]),
  ]
}

interface Steady<In> {
  readonly bytes: fc.Arbitrary<Uint8Array>
  readonly peer: PeerEncoder<In>
  readonly message: fc.Arbitrary<In>
  readonly shares: boolean
}

const frameOf = <In>(peer: PeerEncoder<In>, message: In): Uint8Array => {
  const out = byteQueue()
  peer.encode(message, out)
  return out.take()
}

/** One of so many cases. */
const shareOf = (options: RunOptions, share: number): RunOptions => {
  const runs = options.runs ?? fc.readConfigureGlobal().numRuns ?? 100
  return { ...options, runs: Math.max(1, Math.ceil(runs / share)) }
}

const peerOf = <In, Out>(protocol: Protocol<In, Out>, options: HandlerLawOptions<In, Out>): PeerEncoder<In> =>
  // where `peer` is missing its type says that what is read may be sent
  options.peer ?? (protocol as unknown as PeerEncoder<In>)
