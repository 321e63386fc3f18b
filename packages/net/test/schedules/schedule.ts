import fc from 'fast-check'

/** What an end of ours may do. `read` and `drop`: somebody subscribes, and leaves. */
export type OurStep =
  | 'write'
  | 'flood'
  | 'end'
  | 'close'
  | 'closeSoon'
  | 'abort'
  | 'unsubscribe'
  | 'pause'
  | 'resume'
  | 'read'
  | 'drop'
  | 'switch'
  | 'clocks'

/** What a plain socket may do. */
export type PlainStep = 'write' | 'half' | 'binary' | 'flood' | 'end' | 'reset' | 'destroy' | 'pause' | 'resume'

/** An end of a connection: ours with raw bytes, ours in a conversation, or a plain socket of Node's. */
export type End = 'raw' | 'spoken' | 'plain'

export type Step =
  | { readonly by: 'first'; readonly does: OurStep }
  | { readonly by: 'second'; readonly does: OurStep | PlainStep }
  | { readonly by: 'nobody' }

/** How an end of ours is left to its clocks: they must bring it to its end. */
export type Last = 'close' | 'end' | 'abort'

/** All that happens on one connection. */
export interface Schedule {
  /** The end that is ours in any case, and whether it was accepted. */
  readonly first: Exclude<End, 'plain'>
  readonly accepted: boolean
  readonly second: End
  readonly steps: readonly Step[]
  readonly last: readonly [first: Last, second: Last]
}

const OURS: readonly OurStep[] = [
  'write', 'write', 'flood', 'end', 'close', 'closeSoon', 'abort', 'unsubscribe',
  'pause', 'pause', 'resume', 'resume', 'read', 'read', 'drop', 'switch', 'switch', 'clocks',
] // prettier-ignore
const PLAIN: readonly PlainStep[] = [
  'write', 'write', 'write', 'half', 'binary', 'flood', 'end', 'end', 'reset', 'destroy', 'pause', 'resume',
] // prettier-ignore

const last = fc.constantFrom<Last>('close', 'close', 'end', 'abort')

/** Any schedule; the same seed, the same schedules. */
export const schedule: fc.Arbitrary<Schedule> = fc
  .record({
    first: fc.constantFrom<Exclude<End, 'plain'>>('raw', 'spoken'),
    accepted: fc.boolean(),
    second: fc.constantFrom<End>('plain', 'plain', 'raw', 'spoken'),
    last: fc.tuple(last, last),
  })
  .chain((ends) => {
    const second = ends.second === 'plain' ? fc.constantFrom(...PLAIN) : fc.constantFrom(...OURS)
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 3, arbitrary: fc.record({ by: fc.constant('first'), does: fc.constantFrom(...OURS) }) },
      { weight: 3, arbitrary: fc.record({ by: fc.constant('second'), does: second }) },
      { weight: 4, arbitrary: fc.constant({ by: 'nobody' }) },
    )
    return fc.array(step, { maxLength: 30 }).map((steps) => ({ ...ends, steps }))
  })

/** A schedule on one line: `spoken (accepted) with plain: read write · end; close close`. */
export const showSchedule = ({ first, accepted, second, steps, last }: Schedule): string => {
  const each = steps.map((step) => (step.by === 'nobody' ? '·' : `${step.by === 'first' ? '' : '>'}${step.does}`))
  return `${first} (${accepted ? 'accepted' : 'connected'}) with ${second}: ${each.join(' ')}; ${last.join(' ')}`
}
