import { Chance } from './chance.ts'
import { HostState } from './hostState.ts'
import type { Journal } from './journal.ts'
import type { LinkSettings } from './link.ts'
import { Link } from './link.ts'
import type { Surroundings } from './surroundings.ts'
import type { VirtualTime } from './virtualTime.ts'

/** What a simulated network is like. */
export interface FabricSettings extends LinkSettings {
  readonly seed: number
  readonly windowBytes: number
  readonly sendBufferBytes: number
  readonly giveUpMs: number
  readonly segments: 'random' | 'whole'
}

/** A machine talks to itself at once. */
const OWN: LinkSettings = { latencyMs: 0.02, jitterMs: 0.01, bytesPerMs: Infinity }
/** How often, of a hundred times, what is sent arrives in more than one piece, and how often in crumbs. */
const IN_PIECES = 20
const IN_CRUMBS = 3

/** All that sockets of one simulated network share: time, chance, the log, the machines, and the roads between them. */
export class Fabric implements Surroundings {
  readonly time: VirtualTime
  readonly journal: Journal
  readonly windowBytes: number
  readonly sendBufferBytes: number
  readonly giveUpMs: number
  readonly #settings: FabricSettings
  readonly #chance: Chance
  readonly #hosts = new Map<string, HostState>()
  readonly #byAddress = new Map<string, HostState>()
  readonly #links = new Map<number, Link>()

  constructor(settings: FabricSettings, time: VirtualTime, journal: Journal) {
    this.time = time
    this.journal = journal
    this.windowBytes = settings.windowBytes
    this.sendBufferBytes = settings.sendBufferBytes
    this.giveUpMs = settings.giveUpMs
    this.#settings = settings
    this.#chance = new Chance(settings.seed)
  }

  get hosts(): Iterable<HostState> {
    return this.#hosts.values()
  }

  /** The machine of that name; there is one from the first time it is named. */
  host(name: string): HostState {
    const known = this.#hosts.get(name)
    if (known !== undefined) return known
    const host = new HostState(this, name, this.#hosts.size + 1)
    this.#hosts.set(name, host)
    this.#byAddress.set(host.address, host)
    return host
  }

  /** Who somebody means by a name or an address. */
  find(from: HostState, name: string): HostState | undefined {
    if (name === 'localhost' || name.startsWith('127.') || name === '::1') return from
    return this.#hosts.get(name) ?? this.#byAddress.get(name)
  }

  link(from: HostState, to: HostState): Link {
    const key = from.index * 65_536 + to.index
    let link = this.#links.get(key)
    if (link === undefined) {
      link = new Link(from === to ? OWN : this.#settings, this.#chance.fork())
      this.#links.set(key, link)
    }
    return link
  }

  /** How many of so many bytes make the next segment. */
  cut(bytes: number, { drips }: Link): number {
    if (drips > 0) return Math.ceil(bytes / CRUMBS)
    if (this.#settings.segments === 'whole' || bytes === 1) return Math.min(bytes, MOST_SEGMENT)
    const fate = this.#chance.below(100)
    if (fate < IN_CRUMBS) return Math.min(bytes, 1 + this.#chance.below(3))
    return fate < IN_PIECES ? 1 + this.#chance.below(Math.min(bytes, MOST_SEGMENT)) : Math.min(bytes, MOST_SEGMENT)
  }
}

const MOST_SEGMENT = 64 * 1024
/** Where it drips, what waits is cut into so many pieces or more, of a byte at least. */
const CRUMBS = 128
