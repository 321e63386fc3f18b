import type { Endpoint } from '@sluice/net'
import type { Observable } from 'rxjs'
import type { FaultyProxyEvent } from './faultyProxyEvent.ts'
import type { Direction, Toxics } from './toxics.ts'

/** How much has come, gone and waits in one direction of all connections, in bytes. */
export interface FaultyProxyFigures {
  readonly received: number
  readonly forwarded: number
  readonly swallowed: number
  readonly held: number
}

/** A proxy that is up, or down. */
export interface FaultyProxy {
  /** Where it can be reached; the same after it was down. */
  readonly address: Endpoint
  /** The port of that, 0 for a Unix socket: for `connect({ port })`. */
  readonly port: number
  readonly seed: number
  /** Everything it does, told to who listens when it happens. Completes with the proxy. */
  readonly events$: Observable<FaultyProxyEvent>
  /** What befalls bytes now. */
  readonly toxics: Readonly<Record<Direction, Toxics>>
  readonly figures: Readonly<Record<Direction, FaultyProxyFigures>>
  /** How many connections it has now. */
  readonly live: number
  /** Whether it listens. */
  readonly up: boolean
  /**
   * Other toxics for the directions that are named, in place of all they had: for new connections, for those that are
   * open, and for what waits in them. Throws `WrongOption` for what cannot be.
   */
  set(toxics: Readonly<Partial<Record<Direction, Toxics>>>): void
  /** Resets both sides of every connection. */
  resetAll(): void
  /** Resets every connection and listens no more: who comes is refused. Again: nothing more. */
  takeDown(): void
  /** Listens again, on the same port. Rejects with `ListenFailed` where somebody else has that by now. */
  bringUp(): Promise<void>
}
