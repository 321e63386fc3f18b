import type { Connection } from '@sluice/net'
import type { SchedulerLike } from 'rxjs'
import type { LimitAction } from '../../toxics.ts'
import type { Random } from './random.ts'

/** What a lane tells the link it is one direction of. */
export interface LaneEvents {
  readonly received: (bytes: number) => void
  readonly forwarded: (bytes: number) => void
  readonly swallowed: (bytes: number) => void
  /** The FIN has passed. */
  readonly ended: () => void
  /** What was limited, or the time it had, is over: both connections are to be closed, or reset. */
  readonly act: (action: LimitAction, why: 'limit' | 'swallow' | 'reset') => void
}

/** What a lane is made of. */
export interface LaneParts {
  readonly from: Connection
  readonly to: Connection
  readonly scheduler: SchedulerLike
  readonly random: Random
  readonly maxHeldBytes: number
  readonly events: LaneEvents
}
