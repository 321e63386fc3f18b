import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Observable } from 'rxjs'
import type { Connection, Endpoint } from '../../connection.ts'
import type { DrainOptions, DrainReport, Listener, ListenerCounts, ListenerEvent } from '../../listener.ts'
import type { TlsAcceptor } from '../../tlsAcceptor.ts'
import type { HostingEvents } from './hosting.ts'
import { Hosting } from './hosting.ts'
import type { ListenSettings } from './listenSettings.ts'
import { timeOption } from '../connection/settings.ts'

const DEFAULT_DRAIN_MS = 15_000

/** The face of a listener: what users see of it. What it does is in {@link Hosting}. */
export class LiveListener implements Listener {
  readonly tls: TlsAcceptor | undefined
  readonly #hosting: Hosting

  constructor(settings: ListenSettings, events: HostingEvents) {
    this.tls = settings.acceptor
    this.#hosting = new Hosting(settings, events)
  }

  get address(): Endpoint {
    const [first] = this.#hosting.addresses
    if (first !== undefined) return first
    throw new Error('a listener is handed out only when it is bound')
  }

  get addresses(): readonly Endpoint[] {
    return this.#hosting.addresses
  }

  get connections$(): Observable<Connection> {
    return this.#hosting.handout.connections$
  }

  get events$(): Observable<ListenerEvent> {
    return this.#hosting.emitter.events$
  }

  get live(): number {
    return this.#hosting.reception.inside
  }

  get pending(): number {
    return this.#hosting.reception.waiting
  }

  get suspended(): boolean {
    const { reception, budget, descriptors } = this.#hosting
    return reception.suspended || budget.full || descriptors.short
  }

  get counts(): ListenerCounts {
    return this.#hosting.reception.book.tally.counts
  }

  get bufferedBytes(): number {
    return this.#hosting.budget.bufferedBytes
  }

  suspend(): void {
    this.#hosting.suspend(true)
  }

  resume(): void {
    this.#hosting.suspend(false)
  }

  ref(): void {
    this.#hosting.bindings.ref(true)
  }

  unref(): void {
    this.#hosting.bindings.ref(false)
  }

  drain(options: DrainOptions = {}): TE.TaskEither<never, DrainReport> {
    const deadlineMs = timeOption('drain()', 'deadlineMs', options.deadlineMs, DEFAULT_DRAIN_MS)
    return async () => E.right(await this.#hosting.drain(deadlineMs, options.goodbye).report)
  }

  abort(): void {
    this.#hosting.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain()()
  }
}
