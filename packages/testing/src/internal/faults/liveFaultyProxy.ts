import type { Connection, ConnectOptions, Endpoint, ListenOptions } from '@sluice/net'
import type { Observable, SchedulerLike } from 'rxjs'
import { Subject } from 'rxjs'
import type { FaultyProxy, FaultyProxyFigures } from '../../faultyProxyHandle.ts'
import type { FaultyProxyEvent } from '../../faultyProxyEvent.ts'
import type { Direction, Toxics } from '../../toxics.ts'
import { Hatch } from './hatch.ts'
import type { Tally } from './link.ts'
import { Link } from './link.ts'
import { realTime } from './realTime.ts'
import type { ToxicSettings } from './toxicSettings.ts'
import { toxicSettings } from './toxicSettings.ts'

/** What a {@link LiveFaultyProxy} is made of. */
export interface FaultyProxyParts {
  readonly target: ConnectOptions
  readonly place: ListenOptions
  readonly toxics: Readonly<Record<Direction, Toxics>>
  readonly seed: number
  readonly maxHeldBytes: number
  readonly scheduler: SchedulerLike | undefined
}

const DIRECTIONS: readonly Direction[] = ['upstream', 'downstream']
const NOWHERE: Endpoint = { family: 'unix', address: '' }

export class LiveFaultyProxy implements FaultyProxy {
  readonly seed: number
  readonly events$: Observable<FaultyProxyEvent>
  readonly #parts: FaultyProxyParts
  readonly #events = new Subject<FaultyProxyEvent>()
  readonly #hatch: Hatch
  readonly #links = new Set<Link>()
  readonly #tallies: Readonly<Record<Direction, Tally>> = { upstream: tally(), downstream: tally() }
  #toxics: Readonly<Record<Direction, Toxics>>
  #settings: Readonly<Record<Direction, ToxicSettings>>
  #address = NOWHERE
  #count = 0
  #closed = false

  constructor(parts: FaultyProxyParts) {
    const { seed, toxics, scheduler, place } = parts
    this.#parts = parts
    this.seed = seed
    this.events$ = this.#events.asObservable()
    this.#toxics = toxics
    this.#settings = settingsOf(toxics)
    const timed = scheduler === undefined ? place : { scheduler, ...place }
    this.#hatch = new Hatch(timed, (connection) => {
      this.#take(connection)
    })
  }

  get address(): Endpoint {
    return this.#address
  }

  get port(): number {
    return this.#address.port ?? 0
  }

  get toxics(): Readonly<Record<Direction, Toxics>> {
    return this.#toxics
  }

  get figures(): Readonly<Record<Direction, FaultyProxyFigures>> {
    const of = (direction: Direction): FaultyProxyFigures => ({
      ...this.#tallies[direction],
      held: [...this.#links].reduce((sum, link) => sum + link.held(direction), 0),
    })
    return { upstream: of('upstream'), downstream: of('downstream') }
  }

  get live(): number {
    return this.#links.size
  }

  get up(): boolean {
    return this.#hatch.open
  }

  set(toxics: Readonly<Partial<Record<Direction, Toxics>>>): void {
    const next = { ...this.#toxics, ...toxics }
    this.#settings = settingsOf(next)
    this.#toxics = next
    for (const direction of DIRECTIONS) {
      const changed = toxics[direction]
      if (changed === undefined) continue
      this.#events.next({ _tag: 'Changed', direction, toxics: changed })
      for (const link of [...this.#links]) link.set(direction, this.#settings[direction])
    }
  }

  resetAll(): void {
    for (const link of [...this.#links]) link.reset()
  }

  takeDown(): void {
    if (!this.#hatch.open) return
    this.#hatch.shut()
    this.resetAll()
    this.#events.next({ _tag: 'Down' })
  }

  bringUp(): Promise<void> {
    if (this.#hatch.open || this.#closed) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#hatch.raise((address) => {
        this.#address = address
        this.#events.next({ _tag: 'Up', address })
        resolve()
      }, reject)
    })
  }

  /** Nobody wants it any more. */
  close(): void {
    this.#closed = true
    this.#hatch.shut()
    for (const link of [...this.#links]) link.stop()
    this.#links.clear()
    this.#events.complete()
  }

  #take(connection: Connection): void {
    const { target, seed, maxHeldBytes, scheduler } = this.#parts
    const link = new Link(
      ++this.#count,
      connection,
      {
        target: scheduler === undefined ? target : { scheduler, ...target },
        scheduler: scheduler ?? realTime,
        seed,
        maxHeldBytes,
        tallies: this.#tallies,
        toxics: (direction) => this.#settings[direction],
        tell: (event) => {
          this.#events.next(event)
        },
      },
      (over) => this.#links.delete(over),
    )
    this.#links.add(link)
    link.begin()
  }
}

const tally = (): Tally => ({ received: 0, forwarded: 0, swallowed: 0 })

const settingsOf = (toxics: Readonly<Record<Direction, Toxics>>): Readonly<Record<Direction, ToxicSettings>> => ({
  upstream: toxicSettings('faultyProxy()', toxics.upstream),
  downstream: toxicSettings('faultyProxy()', toxics.downstream),
})
