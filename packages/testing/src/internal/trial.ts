import { currentGate } from '@sluice/net'
import type { Gate } from '@sluice/net'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Broken, Law } from '../law.ts'
import { brokenBy } from '../law.ts'
import type { Ending } from './gatedSource.ts'
import { GatedSource } from './gatedSource.ts'
import type { Notification } from './probe.ts'
import { Probe } from './probe.ts'
import { expectSourceFailures } from './sourceFailed.ts'
import { difference } from './stream.ts'
import { show } from './same.ts'
import { VirtualClock } from './virtualClock.ts'

/** Makes the operator in question, for one case; time comes from the clock. */
export type MakeOperator<A, B> = (clock: SchedulerLike) => OperatorFunction<A, B>

/** So much virtual time is given to whatever is under way. */
const PATIENCE_MS = 600_000
const SHOWN = 40

/** What came of a subscription. */
interface Heard<B> {
  readonly values: ReadonlyArray<B>
  readonly ending: Ending | null
}

/** One subscription to an operator, between a source and a subscriber of ours. */
export class Trial<A, B> {
  readonly source: GatedSource<A>
  readonly probe: Probe<B>
  readonly clock: VirtualClock
  /** What came out in time. */
  readonly values: B[] = []
  /** How it ended, the first time. */
  ending: Ending | null = null
  /** What came although the subscriber had left, or all was over. */
  readonly late: Notification<B>[] = []
  /** Called with the gate that a value came in. */
  onNext: ((gate: Gate | null) => void) | null = null
  readonly #log: string[] = []
  readonly #operator: OperatorFunction<A, B>

  constructor(operator: OperatorFunction<A, B>, clock: VirtualClock) {
    expectSourceFailures()
    this.clock = clock
    this.#operator = operator
    this.source = new GatedSource((what, value) => {
      this.tell(what, value)
    })
    this.probe = new Probe((notification) => {
      this.#hear(notification)
    })
  }

  /** Adds to what is drawn. */
  tell(what: string, value?: unknown): void {
    this.#log.push(value === undefined ? what : `${what} ${show(value)}`)
  }

  subscribe(): this {
    this.#operator(this.source.values$).subscribe(this.probe)
    return this
  }

  leave(): void {
    this.tell('left')
    this.probe.unsubscribe()
  }

  /** Gives time to whatever is under way. */
  settle(): Promise<void> {
    return this.clock.settle(PATIENCE_MS)
  }

  /** The law is broken by what has happened here. */
  broken(law: Law, detail: string): Broken {
    return brokenBy(law, detail, this.drawn('run'))
  }

  drawn(label: string): ReadonlyArray<string> {
    const more = this.#log.length > SHOWN ? [`… ${String(this.#log.length - SHOWN)} more`] : []
    return [`${label}  ${[...this.#log.slice(0, SHOWN), ...more].join(', ')}`]
  }

  #hear(notification: Notification<B>): void {
    const late = notification.late ? ' (late)' : ''
    if (notification._tag === 'Next') this.tell(`out${late}`, notification.value)
    else this.tell(notification._tag === 'Complete' ? `out |${late}` : `out #${late}`)
    if (notification.late) this.late.push(notification)
    else if (notification._tag === 'Next') {
      this.values.push(notification.value)
      this.onNext?.(currentGate())
    } else if (notification._tag === 'Complete') this.ending = { _tag: 'Completed' }
    else this.ending = { _tag: 'Failed', error: notification.error }
  }
}

/** A trial of an operator made for it alone, on a clock of its own. */
export const tryOperator = <A, B>(make: MakeOperator<A, B>): Trial<A, B> => {
  const clock = new VirtualClock()
  return new Trial(make(clock), clock)
}

/** What differs between how two trials went, or null. */
export const differs = <B>(expected: Heard<B>, got: Heard<B>, ordered = true): string | null =>
  difference(inOrder(expected.values, ordered), inOrder(got.values, ordered), undefined, 'value') ??
  endsDiffer(expected.ending, got.ending)

/** As they came, or, where that does not count, in an order of our own. */
export const inOrder = <B>(values: ReadonlyArray<B>, ordered: boolean): ReadonlyArray<B> =>
  ordered ? values : [...values].sort((a, b) => (show(a) < show(b) ? -1 : 1))

const endsDiffer = (expected: Ending | null, got: Ending | null): string | null =>
  showEnding(expected) === showEnding(got) ? null : `it should ${showEnding(expected)}\nand did ${showEnding(got)}`

/** As a predicate: `complete`, `fail with …`, `not end`. */
export const showEnding = (ending: Ending | null): string => {
  if (ending === null) return 'not end'
  return ending._tag === 'Completed' ? 'complete' : `fail with ${show(ending.error)}`
}

/** How many timers of Node's keep the process alive; 0 where the runtime does not tell. */
export const realTimers = (): number =>
  typeof process.getActiveResourcesInfo === 'function'
    ? process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length
    : 0
