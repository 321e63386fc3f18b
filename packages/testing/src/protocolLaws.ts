import type { Protocol } from '@sluice/protocol'
import fc from 'fast-check'
import type { Chunking } from './chunkings.ts'
import { chunking } from './chunkings.ts'
import { hostileStreams, validStreams } from './hostileStreams.ts'
import type { RunOptions } from './internal/holds.ts'
import { holds } from './internal/holds.ts'
import type { Equals } from './internal/stream.ts'
import type { Law, LawResult } from './law.ts'
import { CHUNK_INDEPENDENCE, chunkIndependence } from './laws/chunkIndependence.ts'
import { FRAMES_STAY, framesStay } from './laws/framesStay.ts'
import { ISOLATION, isolation } from './laws/isolation.ts'
import type { Sized } from './laws/limits.ts'
import { LIMITS, limits } from './laws/limits.ts'
import { ROUND_TRIP, roundTrip } from './laws/roundTrip.ts'
import { SILENCE_AFTER_ERROR, silenceAfterError } from './laws/silenceAfterError.ts'
import { STOP_AND_RESUME, stopAndResume } from './laws/stopAndResume.ts'
import { SURVIVAL, survival } from './laws/survival.ts'
import { TRUNCATION, truncation } from './laws/truncation.ts'
import { UNREAD_BYTES, unreadBytes } from './laws/unreadBytes.ts'
import { WHOLE_OR_NOTHING, wholeOrNothing } from './laws/wholeOrNothing.ts'
import { hostileBytes } from './mutations.ts'

/** What the laws need to know of a protocol. */
export type LawOptions<In, Out> = RunOptions &
  ReadBack<In, Out> & {
    /** Messages that may be sent; every one of them must be encodable. */
    readonly message: fc.Arbitrary<Out>
    /** Whether two messages mean the same. Default: structure, bytes by content, errors by tag and fields. */
    readonly equals?: Equals<In>
    /** How to build the framing with any limit, and messages of any size: adds the law of R16. */
    readonly sized?: Sized<In, Out>
    /** The limit of a frame in bytes, for what a decoder may retain (R18). Default: unknown. */
    readonly maxFrameBytes?: number
    /** Whether a FIN inside a frame is `Truncated` (R13). Default true; false where it ends the frame. */
    readonly truncates?: boolean
    /** Messages of which some must be refused. Default: `message`. */
    readonly refused?: fc.Arbitrary<Out>
    /** Bytes made to hurt this protocol, beside random ones and mutations of valid streams. */
    readonly hostile?: fc.Arbitrary<Uint8Array>
  }

/** What the peer reads of a message that was sent; the message itself unless said. */
export type ReadBack<In, Out> = [Out] extends [In]
  ? { readonly read?: (sent: Out) => In }
  : { readonly read: (sent: Out) => In }

/** One law about one protocol, ready to run. */
export interface ProtocolLaw {
  /** `reads back what it wrote, however it is cut [R15]`; the same in every run. */
  readonly name: string
  /** Throws {@link LawBroken} if the law does not hold. */
  readonly run: () => void
}

/**
 * The laws of a protocol, each a property over {@link LawOptions.runs} cases; no test framework needed.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { protocolLaws } from '@sluice/testing'
 * import fc from 'fast-check'
 * import { describe, it } from 'vitest'
 *
 * describe('lines()', () => {
 *   const message = fc.string().filter((line) => !/\n|\r$/.test(line))
 *   for (const law of protocolLaws(lines(), { message })) it(law.name, law.run)
 * })
 * ```
 *
 * | rule | law |
 * |---|---|
 * | R3 | {@link stopAndResume} |
 * | R4 | {@link chunkIndependence}, {@link unreadBytes} |
 * | R8 | {@link wholeOrNothing} |
 * | R12 | {@link isolation} |
 * | R13 | {@link truncation} (unless `truncates` is false) |
 * | R15 | {@link roundTrip} |
 * | R16 | {@link limits} (with `sized`) |
 * | R17 | {@link silenceAfterError} |
 * | R18 | {@link survival} |
 * | R20 | {@link framesStay} |
 */
export const protocolLaws = <In, Out>(
  protocol: Protocol<In, Out>,
  options: LawOptions<In, Out>,
): ReadonlyArray<ProtocolLaw> => {
  const law = <A>(about: Law, cases: fc.Arbitrary<A>, predicate: (one: A) => LawResult): ProtocolLaw => ({
    name: `${about.title} [${about.rule}]`,
    run: () => holds(protocol.name, about, cases, predicate, options),
  })
  return [...validLaws(protocol, options, law), ...anyLaws(protocol, options, law)]
}

type MakeLaw = <A>(about: Law, cases: fc.Arbitrary<A>, predicate: (one: A) => LawResult) => ProtocolLaw

/** Laws about streams that an encoder wrote. */
const validLaws = <In, Out>(
  protocol: Protocol<In, Out>,
  options: LawOptions<In, Out>,
  law: MakeLaw,
): ReadonlyArray<ProtocolLaw> => {
  const { equals, sized, truncates = true, refused = options.message } = options
  const messages = fc.array(options.message, { maxLength: 6 })
  const reading = { read: readBack(options), ...(equals === undefined ? {} : { equals }) }
  const valid = fc.record({ messages, chunking: chunking() })
  return [
    law(ROUND_TRIP, valid, (one) => roundTrip(protocol, { ...one, ...reading })),
    ...(truncates ? [law(TRUNCATION, valid, (one) => truncation(protocol, one))] : []),
    law(UNREAD_BYTES, fc.record({ messages, chunking: chunking(), take: fc.nat({ max: 6 }) }), (one) =>
      unreadBytes(protocol, { ...one, ...reading }),
    ),
    law(
      WHOLE_OR_NOTHING,
      fc.record({ messages: fc.array(fc.oneof(options.message, refused), { maxLength: 3 }), before: hostileBytes(8) }),
      (one) => wholeOrNothing(protocol, one),
    ),
    ...(sized === undefined ? [] : [limitsLaw(sized, law)]),
  ]
}

const limitsLaw = <In, Out>(sized: Sized<In, Out>, law: MakeLaw): ProtocolLaw =>
  law(
    LIMITS,
    fc.record({ maxFrameBytes: fc.integer({ min: sized.from, max: sized.from + 300 }), chunking: chunking() }),
    (one) => limits(sized, one),
  )

/** Laws about any bytes: random ones, and valid streams with up to four mutations. */
const anyLaws = <In, Out>(
  protocol: Protocol<In, Out>,
  options: LawOptions<In, Out>,
  law: MakeLaw,
): ReadonlyArray<ProtocolLaw> => {
  const encoded = validStreams(protocol, options.message)
  const { hostile } = options
  const bytes = fc.oneof(hostileStreams(protocol, options.message), ...(hostile === undefined ? [] : [hostile]))
  const any: fc.Arbitrary<{ bytes: Uint8Array; chunking: Chunking }> = fc.record({ bytes, chunking: chunking() })
  const { maxFrameBytes } = options
  return [
    law(CHUNK_INDEPENDENCE, any, (one) => chunkIndependence(protocol, one)),
    law(
      STOP_AND_RESUME,
      fc.record({ bytes, chunking: chunking(), stops: fc.array(fc.nat({ max: 8 }), { maxLength: 4 }) }),
      (one) => stopAndResume(protocol, one),
    ),
    law(SILENCE_AFTER_ERROR, fc.record({ bytes, chunking: chunking(), valid: encoded }), (one) =>
      silenceAfterError(protocol, one),
    ),
    law(SURVIVAL, any, (one) => survival(protocol, { ...one, maxFrameBytes })),
    law(ISOLATION, fc.record({ streams: fc.tuple(bytes, bytes), chunking: chunking() }), (one) =>
      isolation(protocol, one),
    ),
    law(FRAMES_STAY, any, (one) => framesStay(protocol, one)),
  ]
}

const readBack = <In, Out>(options: LawOptions<In, Out>): ((sent: Out) => In) =>
  // where `read` is missing its type says that what is sent is what is read
  options.read ?? ((sent) => sent as unknown as In)
