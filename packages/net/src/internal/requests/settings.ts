import type { Protocol } from '@sluice/protocol'
import { WrongOption } from '@sluice/protocol'
import type { Observable, SchedulerLike } from 'rxjs'
import type { Backoff } from '../../backoff.ts'
import type { Clocks } from '../../clocks.ts'
import type { Connection } from '../../connection.ts'
import type { ClientOptions } from '../../requests/clientOptions.ts'
import type { Mode } from '../../requests/mode.ts'
import { timeOption, wholeOption } from '../options.ts'
import { ClockChange } from '../time/clockSettings.ts'
import { monotonicScheduler } from '../time/monotonic.ts'

/** Where a client has its connections from, and how it talks on them. */
export interface Endpoints<Req, Res, Out> {
  /** `null`: it is given its connection. */
  readonly connections$: Observable<Connection> | null
  readonly protocol: Protocol<Res, Out>
  readonly mode: Mode<Req, Res, Out>
}

/** The options of a client, checked. */
export interface ClientSettings {
  readonly window: number
  readonly maxWaiting: number
  readonly timeoutMs: number
  readonly maxPushes: number
  readonly retry: Backoff | null
  readonly clocks: Clocks
  readonly scheduler: SchedulerLike
}

export const clientSettings = (where: string, options: ClientOptions): ClientSettings => {
  const { clocks = {} } = options
  // checked here, where a wrong one may still be thrown
  new ClockChange(where, clocks)
  return {
    window: wholeOption(where, 'window', options.window, 64),
    maxWaiting: countOption(where, 'maxWaiting', options.maxWaiting, 1024),
    timeoutMs: timeOption(where, 'timeoutMs', options.timeoutMs, 30_000),
    maxPushes: countOption(where, 'maxPushes', options.maxPushes, 128),
    retry: options.retry ?? null,
    clocks,
    scheduler: options.scheduler ?? monotonicScheduler,
  }
}

export const countOption = (where: string, option: string, given: number | undefined, fallback: number): number => {
  const value = given ?? fallback
  if (!Number.isSafeInteger(value) || value < 0) throw new WrongOption(where, option, value, 'a whole number from 0 on')
  return value
}
