import { badEnd } from '../../internal/rehearsal.ts'
import type { Stage } from '../../internal/stageOf.ts'
import { DRAIN, FIN, rehearse } from '../../internal/stageOf.ts'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'
import type { Happening } from '../../schedules.ts'
import { showSchedule } from '../../schedules.ts'

export const SURVIVES_ANYTHING: Law = { title: 'fails at nothing the peer can do', rule: 'R12' }

/**
 * R12: whatever bytes come, in whatever order things happen, the handler does not fail, sends nothing that cannot be
 * sent, and is over when the connection is. Clocks may run out here: the schedule waits.
 */
export const survivesAnything = <In, Out>(
  stage: Stage<In, Out>,
  given: { readonly schedule: ReadonlyArray<Happening> },
): Promise<LawResult> => {
  const over = given.schedule.some(({ _tag }) => _tag === 'Fin' || _tag === 'Reset' || _tag === 'Leave')
  const schedule: ReadonlyArray<Happening> = [...given.schedule, DRAIN, ...(over ? [] : [FIN])]
  return rehearse(stage, schedule, (rehearsal) => {
    const { cause } = rehearsal
    const left = schedule.some(({ _tag }) => _tag === 'Leave')
    const bad = left || cause?._tag === 'TimedOut' || cause?._tag === 'Overflowed' ? null : badEnd(cause)
    const wrong = bad ?? rehearsal.left()
    return wrong === null ? held : brokenBy(SURVIVES_ANYTHING, wrong, [`run  ${showSchedule(schedule)}`])
  })
}
