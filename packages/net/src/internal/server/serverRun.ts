import { WrongOption } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Observable, Observer, OperatorFunction } from 'rxjs'
import { Subscription, tap } from 'rxjs'
import { ListenFailed, ServingFailed } from '../../errors.ts'
import type { DrainOptions, DrainReport, Listener } from '../../listener.ts'
import type { RunServerOptions } from '../../runServerOptions.ts'
import type { ServerEvent, ServerOutcome, StopReason } from '../../serverEvent.ts'
import { onceAborted } from '../aborts.ts'
import { exitWhenFlushed } from './exitWhenFlushed.ts'
import { timeOption } from '../connection/settings.ts'

/** {@link RunServerOptions}, checked, with their defaults. */
export interface RunSettings {
  readonly signals: readonly NodeJS.Signals[]
  readonly stop: AbortSignal | undefined
  readonly sameMs: number
  readonly drain: DrainOptions & { readonly deadlineMs: number }
  readonly tell: (event: ServerEvent) => void
}

export const runSettings = (options: RunServerOptions): RunSettings => {
  const { signals = ['SIGTERM', 'SIGINT'], stop, drainMs, sameMs = 500, goodbye, tell = () => undefined } = options
  if (!(sameMs >= 0)) throw new WrongOption('runServer()', 'sameMs', sameMs, 'milliseconds from 0 on')
  return {
    signals,
    stop,
    sameMs,
    drain: {
      deadlineMs: timeOption('runServer()', 'drainMs', drainMs, 15_000),
      ...(goodbye === undefined ? {} : { goodbye }),
    },
    tell,
  }
}

type Failure = ListenFailed | ServingFailed
type Ending = E.Either<Failure, ServerOutcome>

/**
 * One run of a server.
 *
 * | | asked to stop | asked again | `serving` completes | `serving` fails |
 * |---|---|---|---|---|
 * | running | drain | | `Ended` | `Left` |
 * | draining | | abort all | when all are gone: `Drained`, `CutShort` | `Left` |
 */
export class ServerRun {
  readonly ending: Promise<Ending>
  readonly #settings: RunSettings
  readonly #listeners = new Set<Listener>()
  readonly #serving = new Subscription()
  #stopping: { readonly by: StopReason; readonly at: number } | null = null
  #again = false
  #completed = false
  /** What became of everybody, when they are gone. */
  #reports: readonly DrainReport[] | null = null
  #late: NodeJS.Timeout | undefined
  #forget: () => void = () => undefined
  #resolve: ((ending: Ending) => void) | null = null

  constructor(listeners$: Observable<Listener>, serving: OperatorFunction<Listener, unknown>, settings: RunSettings) {
    this.#settings = settings
    this.ending = new Promise((resolve) => {
      this.#resolve = resolve
    })
    const { signals, stop } = settings
    for (const signal of signals) process.on(signal, this.#ask)
    if (stop !== undefined) {
      const ask = (): void => {
        this.#ask('stop')
      }
      if (stop.aborted) ask()
      else this.#forget = onceAborted(stop, ask)
    }
    const started = tap((listener: Listener) => {
      this.#started(listener)
    })
    if (this.#stopping === null) this.#serving.add(listeners$.pipe(started, serving).subscribe(this.#observer()))
  }

  /** Somebody wants it to stop. */
  readonly #ask = (by: StopReason): void => {
    if (this.#stopping === null) this.#stop(by)
    else if (performance.now() - this.#stopping.at >= this.#settings.sameMs) {
      this.#again = true
      for (const listener of this.#listeners) listener.abort()
      this.#check()
    }
  }

  #observer(): Partial<Observer<unknown>> {
    return {
      error: (error: unknown) => {
        const failure = error instanceof ListenFailed ? error : new ServingFailed(error)
        this.#tell({ _tag: 'Failed', error: failure })
        this.#end(E.left(failure), 1)
      },
      complete: () => {
        this.#completed = true
        this.#check()
      },
    }
  }

  #started(listener: Listener): void {
    this.#listeners.add(listener)
    this.#tell({ _tag: 'Started', listener })
    // it was still being bound when the others were drained
    if (this.#reports !== null) listener.abort()
  }

  #stop(by: StopReason): void {
    this.#stopping = { by, at: performance.now() }
    this.#tell({ _tag: 'Stopping', by })
    if (this.#listeners.size === 0) {
      // nobody is listening yet, and nobody is going to
      this.#serving.unsubscribe()
      this.#completed = true
    }
    const drains = [...this.#listeners].map((listener) => listener.drain(this.#settings.drain)())
    void Promise.all(drains).then((reports) => {
      this.#drained(reports.flatMap((report) => (E.isRight(report) ? [report.right] : [])))
    })
  }

  /** Everybody is gone. What `serving` still makes of that may take until the deadline. */
  #drained(reports: readonly DrainReport[]): void {
    this.#reports = reports
    const { deadlineMs } = this.#settings.drain
    if (!this.#completed && deadlineMs !== Infinity) {
      const left = deadlineMs - (performance.now() - (this.#stopping?.at ?? 0))
      this.#late = setTimeout(() => {
        this.#completed = true
        this.#check()
      }, left)
    }
    this.#check()
  }

  /** It may be over. */
  #check(): void {
    if (this.#stopping === null) {
      if (this.#completed) this.#stopped({ _tag: 'Ended', exitCode: 0 })
    } else if (this.#reports !== null && (this.#completed || this.#again)) {
      const { by } = this.#stopping
      const reports = this.#reports
      const cut = this.#again || reports.some(({ aborted }) => aborted > 0)
      this.#stopped(
        cut ? { _tag: 'CutShort', exitCode: 1, by, reports } : { _tag: 'Drained', exitCode: 0, by, reports },
      )
    }
  }

  #stopped(outcome: ServerOutcome): void {
    if (this.#resolve === null) return
    this.#tell({ _tag: 'Stopped', outcome })
    this.#end(E.right(outcome), outcome.exitCode)
    if (this.#again) exitWhenFlushed(outcome.exitCode)
  }

  #end(ending: Ending, exitCode: number): void {
    const resolve = this.#resolve
    this.#resolve = null
    clearTimeout(this.#late)
    this.#forget()
    for (const signal of this.#settings.signals) process.off(signal, this.#ask)
    this.#serving.unsubscribe()
    if (exitCode !== 0) process.exitCode = exitCode
    resolve?.(ending)
  }

  /** What the program does when it is told is its own doing: it is not to keep the server from stopping. */
  #tell(event: ServerEvent): void {
    try {
      this.#settings.tell(event)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
