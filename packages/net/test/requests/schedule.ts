import fc from 'fast-check'

/** What may happen. Numbers choose among what there is then: the n-th connection, request, or signal. */
export type Step =
  | { readonly does: 'ask'; readonly how: How }
  /** The asker leaves, or aborts the signal that several share. */
  | { readonly does: 'leave' | 'abort'; readonly which: number }
  /** The peer of a connection that waits is there, or it is refused. */
  | { readonly does: 'arrive' | 'refuse'; readonly which: number }
  /** The peer answers one of those it has heard, in part where answers have parts; or all of them. */
  | { readonly does: 'answer' | 'part' | 'answerAll' | 'push'; readonly which: number; readonly of: number }
  /** The connection breaks, or the peer ends. */
  | { readonly does: 'lose' | 'end'; readonly which: number }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'turn' }

/** How a request is asked. */
export interface How {
  readonly timeoutMs: number
  readonly idempotent: boolean
  /** One of two signals that all share, or none. */
  readonly signal: 0 | 1 | null
  /** By an Observable, which can be left. */
  readonly stream: boolean
}

/** A client, its peers, and all that happens. */
export interface Schedule {
  readonly mode: 'pipelined' | 'correlated'
  readonly streaming: boolean
  readonly window: number
  readonly maxWaiting: number
  /** The most connections; 1: no pool. */
  readonly max: number
  readonly min: number
  readonly idleMs: number
  /** Whether its source goes on after a connection, as behind `reconnect`. */
  readonly reconnecting: boolean
  readonly retry: boolean
  readonly steps: readonly Step[]
  /** At the end: is everything answered first, or is it closed with all that is in hand? */
  readonly last: 'answered' | 'closed' | 'closedWithin'
}

const how: fc.Arbitrary<How> = fc.record({
  timeoutMs: fc.constantFrom(20, 50, Infinity, Infinity),
  idempotent: fc.boolean(),
  signal: fc.constantFrom(0, 1, null, null, null),
  stream: fc.boolean(),
})

const some = fc.nat({ max: 7 })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('ask'), how }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('leave', 'abort'), which: some }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('arrive'), which: some }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('refuse'), which: some }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom('answer', 'answer', 'part', 'answerAll', 'push'),
      which: some,
      of: some,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('lose', 'end'), which: some }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait'), ms: fc.constantFrom(1, 10, 25, 60) }) },
  { weight: 6, arbitrary: fc.constant({ does: 'turn' }) },
)

/** Any schedule; the same seed, the same schedules. */
export const schedule: fc.Arbitrary<Schedule> = fc
  .record({
    mode: fc.constantFrom('pipelined', 'correlated'),
    streaming: fc.boolean(),
    window: fc.integer({ min: 1, max: 4 }),
    maxWaiting: fc.constantFrom(0, 1, 3, 100),
    max: fc.constantFrom(1, 1, 2, 3),
    min: fc.constantFrom(0, 1),
    idleMs: fc.constantFrom(30, Infinity),
    reconnecting: fc.boolean(),
    retry: fc.boolean(),
    steps: fc.array(step, { minLength: 20, maxLength: 80 }),
    last: fc.constantFrom('answered', 'answered', 'closed', 'closedWithin'),
  })
  .map((one): Schedule => one)

/** A schedule on one line. */
export const showSchedule = ({ steps, ...rest }: Schedule): string => {
  const each = steps.map((one) => {
    const { does, ...more } = one
    const what = 'how' in more ? more.how : more
    return `${does}(${Object.values(what).map(String).join(' ')})`
  })
  return `${JSON.stringify(rest)} ${each.join(' ')}`
}
