import fc from 'fast-check'
import type { Closed, Clocks, Connection, ConnectionEvent } from '@sluice/net'
import { mergeMap, tap, timer } from 'rxjs'
import type { Scenario } from '@sluice/testing'

/** What the random schedules of real connections are made of. */
interface Step {
  readonly by: 'first' | 'second' | 'nobody'
  readonly does?: string
}
interface Schedule {
  readonly first: string
  readonly second: string
  readonly accepted: boolean
  readonly steps: readonly Step[]
  readonly last: readonly [string, string]
}
interface OurEnd {
  readonly connection: Connection
  readonly events: readonly ConnectionEvent[]
  readonly did: Set<string>
  readonly closed: Closed | null
  leftAt: number
  do(step: string): void
}
interface Parts {
  readonly OurEnd: new (connection: Connection, spoken: boolean) => OurEnd
  readonly CLOCKS: Clocks
  readonly judge: (end: OurEnd, other: { readonly broke: boolean }) => readonly string[]
  readonly schedule: fc.Arbitrary<Schedule>
  readonly showSchedule: (schedule: Schedule) => string
}

const part = (name: string): Promise<Partial<Parts>> =>
  import(new URL(`../../../net/test/schedules/${name}.ts`, import.meta.url).href) as Promise<Partial<Parts>>
const parts = { ...(await part('ends')), ...(await part('judge')), ...(await part('schedule')) } as Parts

export const SCHEDULE_HOSTS = ['server', 'client']
const SCHEDULES = 40
const OURS = new Set(
  'write flood end close closeSoon abort unsubscribe pause resume read drop switch clocks'.split(' '),
)

/**
 * The random schedules that are played on real connections, over a network under faults: both ends write, end, close,
 * abort, pause, read and leave, in any order.
 *
 * - The events obey their grammar, and their figures.
 * - Every connection ends, for a reason there was.
 */
export const schedules: Scenario = ({ seed, host, fail, eventually, random, note }) => {
  const { OurEnd, CLOCKS, judge, showSchedule } = parts
  const all = fc.sample(parts.schedule, { seed, numRuns: SCHEDULES })
  let [met, judged] = [0, 0]

  const play = (schedule: Schedule, connection: Connection, spoken: boolean, by: 'first' | 'second'): void => {
    const end = new OurEnd(connection, spoken)
    // what a host that goes down breaks off is not in the schedule
    end.did.add('abort')
    if (!spoken) end.did.add('raw')
    const mine = schedule.steps.filter((step) => step.by === by || step.by === 'nobody')
    let at = random() * 10
    for (const { does } of mine) {
      at += random() * 20
      if (does !== undefined && OURS.has(does)) setTimeout(() => end.closed ?? end.do(does), at)
    }
    setTimeout(() => end.closed ?? end.do(schedule.last[by === 'first' ? 0 : 1]), at + 50)
    met++
    connection.events$.subscribe({
      complete: () => {
        judged++
        // a host that goes down shuts its server down
        const excused = end.closed?.cause._tag === 'ShutDown' ? 'not a cause' : 'nothing'
        const wrong = judge(end, { broke: true }).find((one) => !one.startsWith(excused))
        if (wrong !== undefined) fail(`${showSchedule(schedule)} (${by}): ${wrong}`)
      },
    })
  }

  all.forEach((schedule, i) => {
    const port = 7000 + i
    const accepting = schedule.accepted ? 'first' : 'second'
    const connecting = schedule.accepted ? 'second' : 'first'
    const spoken = (by: 'first' | 'second'): boolean => schedule[by] === 'spoken'
    host('server').run(() =>
      host('server')
        .listen({ port, ...CLOCKS })
        .pipe(mergeMap(({ connections$ }) => connections$))
        .subscribe((connection) => {
          play(schedule, connection, spoken(accepting), accepting)
        }),
    )
    host('client').run(() =>
      timer(1 + i * 500)
        .pipe(
          mergeMap(() => host('client').connect({ host: 'server', port, ...CLOCKS })),
          tap((connection) => {
            play(schedule, connection, spoken(connecting), connecting)
          }),
        )
        .subscribe({ error: () => note(`schedule ${String(i)}: nobody there`) }),
    )
  })
  eventually('every connection ends', () => met > 0 && judged === met)
}
