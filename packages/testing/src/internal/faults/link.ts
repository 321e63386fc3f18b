import type { Cause, Connection, ConnectOptions } from '@sluice/net'
import { connect, ConnectionLost } from '@sluice/net'
import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { Subscription } from 'rxjs'
import type { Direction, LimitAction } from '../../toxics.ts'
import type { FaultyProxyEvent } from '../../faultyProxyEvent.ts'
import { Lane } from './lane.ts'
import { randomOf } from './random.ts'
import { nextTurn } from './realTime.ts'
import type { ToxicSettings } from './toxicSettings.ts'

/** How much has passed, and how much has not, in one direction of all connections. */
export interface Tally {
  received: number
  forwarded: number
  swallowed: number
}

/** What every {@link Link} of a proxy shares. */
export interface LinkParts {
  readonly target: ConnectOptions
  readonly scheduler: SchedulerLike
  readonly seed: number
  readonly maxHeldBytes: number
  readonly tallies: Readonly<Record<Direction, Tally>>
  readonly toxics: (direction: Direction) => ToxicSettings
  readonly tell: (event: FaultyProxyEvent) => void
}

/** No clock of ours ends what a test wants to see hanging. */
const PATIENT = { silenceMs: Infinity, writeProgressMs: Infinity, halfClosedMs: Infinity, consumerMs: Infinity }

/** One client, its connection to the target, and what befalls the bytes between them. */
export class Link {
  readonly #number: number
  readonly #client: Connection
  readonly #parts: LinkParts
  readonly #over: (link: Link) => void
  readonly #subscriptions = new Subscription()
  #upstream: Connection | null = null
  #lanes: Readonly<Record<Direction, Lane>> | null = null
  #last: Unsubscribable | null = null
  #causes: { client: Cause | null; upstream: Cause | null } = { client: null, upstream: null }

  constructor(number: number, client: Connection, parts: LinkParts, over: (link: Link) => void) {
    this.#number = number
    this.#client = client
    this.#parts = parts
    this.#over = over
  }

  begin(): void {
    const { target, tell } = this.#parts
    this.#client.setClocks(PATIENT)
    tell({ _tag: 'Opened', link: this.#number, remote: this.#client.remote })
    this.#watch('client', this.#client)
    this.#subscriptions.add(
      connect({ ...PATIENT, ...target }).subscribe({
        next: (upstream) => {
          this.#join(upstream)
        },
        error: (reason: unknown) => {
          const error = reason instanceof Error ? reason : new Error(String(reason))
          this.#causes.upstream = { _tag: 'ConnectFailed', error }
          tell({ _tag: 'Unreachable', link: this.#number, error })
          this.#client.abort(error)
        },
      }),
    )
  }

  /** Bytes that wait in one direction. */
  held(direction: Direction): number {
    return this.#lanes?.[direction].heldBytes ?? 0
  }

  set(direction: Direction, toxics: ToxicSettings): void {
    this.#lanes?.[direction].set(toxics)
  }

  /** Resets both sides at once. */
  reset(): void {
    this.#client.abort()
    this.#upstream?.abort()
  }

  stop(): void {
    this.#last?.unsubscribe()
    for (const lane of Object.values(this.#lanes ?? {})) lane.stop()
    this.reset()
    this.#subscriptions.unsubscribe()
  }

  #join(upstream: Connection): void {
    this.#upstream = upstream
    if (this.#causes.client !== null) return
    this.#watch('upstream', upstream)
    this.#lanes = {
      upstream: this.#lane('upstream', this.#client, upstream),
      downstream: this.#lane('downstream', upstream, this.#client),
    }
    for (const direction of ['upstream', 'downstream'] as const) {
      this.#lanes[direction].begin(this.#parts.toxics(direction))
    }
  }

  #lane(direction: Direction, from: Connection, to: Connection): Lane {
    const { scheduler, seed, maxHeldBytes, tallies, tell } = this.#parts
    const [link, tally] = [this.#number, tallies[direction]]
    return new Lane({
      from,
      to,
      scheduler,
      maxHeldBytes,
      random: randomOf(seed, link * 2 + (direction === 'upstream' ? 0 : 1)),
      events: {
        received: (bytes) => {
          tally.received += bytes
        },
        forwarded: (bytes) => {
          tally.forwarded += bytes
          tell({ _tag: 'Forwarded', link, direction, bytes })
        },
        swallowed: (bytes) => {
          tally.swallowed += bytes
          tell({ _tag: 'Swallowed', link, direction, bytes })
        },
        ended: () => {
          tell({ _tag: 'Ended', link, direction })
        },
        act: (action, why) => {
          this.#act(action, why, direction)
        },
      },
    })
  }

  #act(action: LimitAction, why: 'limit' | 'swallow' | 'reset', direction: Direction): void {
    this.#parts.tell({ _tag: 'Acted', link: this.#number, direction, action, why })
    if (action === 'close') {
      for (const lane of Object.values(this.#lanes ?? {})) lane.stop()
      this.#client.close()
      this.#upstream?.close()
    } else if (action === 'reset' && why === 'limit') this.#resetWhenFlushed()
    else if (action === 'reset') this.reset()
  }

  /** What passed before is to arrive: a reset that overtakes it would take it along. */
  #resetWhenFlushed(): void {
    const { scheduler } = this.#parts
    const ends = this.#upstream === null ? [this.#client] : [this.#client, this.#upstream]
    let turns = 0
    const look = (): void => {
      if (ends.some(({ unsentBytes }) => unsentBytes > 0)) return
      // two turns more: whoever is in this process has read it by then
      if (turns++ === 2) this.reset()
      else this.#last = nextTurn(scheduler, look)
    }
    const soon = (): void => {
      this.#last?.unsubscribe()
      this.#last = nextTurn(scheduler, look)
    }
    for (const { events$ } of ends) {
      this.#subscriptions.add(
        events$.subscribe(({ _tag }) => {
          if (_tag === 'Drained') soon()
        }),
      )
    }
    soon()
  }

  #watch(side: 'client' | 'upstream', connection: Connection): void {
    this.#subscriptions.add(
      connection.events$.subscribe((event) => {
        if (event._tag !== 'Closed') return
        this.#causes[side] = event.cause
        const other = side === 'client' ? this.#upstream : this.#client
        if (event.cause._tag !== 'Finished') other?.abort(new ConnectionLost(event.cause))
        this.#settle()
      }),
    )
  }

  #settle(): void {
    const { client, upstream } = this.#causes
    if (client === null || (upstream === null && this.#upstream !== null)) return
    this.#last?.unsubscribe()
    for (const lane of Object.values(this.#lanes ?? {})) lane.stop()
    this.#subscriptions.unsubscribe()
    this.#parts.tell({ _tag: 'Over', link: this.#number, client, upstream })
    this.#over(this)
  }
}
