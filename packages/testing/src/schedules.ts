import fc from 'fast-check'
import { chunkings } from './chunkings.ts'
import { show } from './internal/same.ts'

/**
 * One thing that happens to a connection.
 *
 * | | |
 * |---|---|
 * | `Chunk` | these bytes of the peer come |
 * | `Fin` | the peer ends its side |
 * | `Reset` | the connection breaks |
 * | `Stall`, `Drain` | the peer stops reading, and reads again |
 * | `Wait` | so much time passes |
 * | `Leave` | this side unsubscribes |
 *
 * Nothing of the peer comes after `Fin`, and nothing at all after `Reset` and `Leave`.
 */
export type Happening =
  | { readonly _tag: 'Chunk'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Fin' }
  | { readonly _tag: 'Reset' }
  | { readonly _tag: 'Stall' }
  | { readonly _tag: 'Drain' }
  | { readonly _tag: 'Wait'; readonly ms: number }
  | { readonly _tag: 'Leave' }

/** How {@link schedules} are made. */
export interface ScheduleOptions {
  /** How a schedule may end. Default: any way, or not at all. */
  readonly endings?: ReadonlyArray<'Fin' | 'Reset' | 'Leave'>
  /** The longest wait in ms. Default 10,000. */
  readonly maxWaitMs?: number
}

/**
 * Random sequences of what happens to a connection on which the peer sends those bytes: the chunks in their order, other
 * happenings in between, and an end anywhere.
 *
 * ```
 *  61 0a 62 0a      '61 0a 62', wait 30 ms, stall, '0a', FIN
 *                   '61', reset
 * ```
 *
 * Shrinks to few chunks and few other happenings.
 *
 * ```ts
 * import { schedules, showSchedule } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * const some = fc.sample(schedules(fc.constant(Buffer.from('a\n'))), { numRuns: 3, seed: 3 })
 * for (const one of some) console.log(showSchedule(one)) // …
 * // …
 * // …
 * ```
 */
export const schedules = (
  bytes: fc.Arbitrary<Uint8Array>,
  options: ScheduleOptions = {},
): fc.Arbitrary<ReadonlyArray<Happening>> => {
  const { endings = ['Fin', 'Reset', 'Leave'], maxWaitMs = 10_000 } = options
  const between = fc.oneof(
    fc.record({ _tag: fc.constant('Wait' as const), ms: fc.nat({ max: maxWaitMs }) }),
    fc.constantFrom({ _tag: 'Stall' } as const, { _tag: 'Drain' } as const),
  )
  const chunks = bytes.chain((all) => chunkings(all))
  const others = fc.array(fc.tuple(fc.nat({ max: 16 }), between), { maxLength: 4 })
  const ending = fc.tuple(fc.nat({ max: 64 }), fc.constantFrom(undefined, ...endings))
  return fc.tuple(chunks, others, ending).map(([all, extra, [at, end]]) => {
    const happenings = all.map((one): Happening => ({ _tag: 'Chunk', bytes: one }))
    for (const [where, one] of extra) happenings.splice(where, 0, one)
    return end === undefined ? happenings : [...happenings.slice(0, at), { _tag: end }]
  })
}

/** A schedule as a person reads it, on one line. */
export const showSchedule = (schedule: ReadonlyArray<Happening>): string =>
  schedule.length === 0 ? 'nothing' : schedule.map(showHappening).join(', ')

const showHappening = (one: Happening): string => {
  switch (one._tag) {
    case 'Chunk':
      return show(Buffer.from(one.bytes).toString('latin1'))
    case 'Wait':
      return `wait ${String(one.ms)} ms`
    case 'Fin':
      return 'FIN'
    case 'Reset':
    case 'Stall':
    case 'Drain':
    case 'Leave':
      return one._tag.toLowerCase()
  }
}
