import type { Stage } from '../../internal/stageOf.ts'
import { rehearse } from '../../internal/stageOf.ts'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'
import type { Happening } from '../../schedules.ts'
import { showSchedule } from '../../schedules.ts'

export const SILENT_AFTER_END: Law = { title: 'says nothing once it has ended, or was left', rule: 'R8' }

/** R8: behind its completion, its error, or the end of its conversation a handler neither emits nor writes. */
export const silentAfterEnd = <In, Out>(
  stage: Stage<In, Out>,
  given: { readonly schedule: ReadonlyArray<Happening> },
): Promise<LawResult> =>
  rehearse(stage, given.schedule, ({ late }) =>
    late === null ? held : brokenBy(SILENT_AFTER_END, late, [`run  ${showSchedule(given.schedule)}`]),
  )
