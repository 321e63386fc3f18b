import type { Endpoint, NetworkArrivals, NetworkBinding, NetworkPlace } from '@sluice/net'
import { isIP } from '@sluice/net'
import type { SimulatedSocket, SocketHost } from './simulatedSocket.ts'
import { systemError } from './simulatedSocket.ts'
import type { Surroundings } from './surroundings.ts'

/** A place that somebody listens at. */
export interface Listening {
  readonly address: Endpoint
  readonly backlog: number
  readonly arrivals: NetworkArrivals
  readonly keepAliveMs: number
  /** Connections that are made and not accepted yet. */
  pending: number
  open: boolean
}

/** Where the ports begin that a system gives away by itself. */
const FIRST_FREE_PORT = 49_152

/** One machine: its address, who listens on it, and its sockets. */
export class HostState implements SocketHost {
  readonly name: string
  readonly address: string
  readonly sockets = new Set<SimulatedSocket>()
  readonly index: number
  up = true
  readonly #surroundings: Surroundings
  readonly #listening = new Map<string, Listening>()
  #nextPort = FIRST_FREE_PORT

  constructor(surroundings: Surroundings, name: string, index: number) {
    this.#surroundings = surroundings
    this.name = name
    this.index = index
    this.address = `10.0.${String(index >> 8)}.${String(index & 255)}`
  }

  freePort(): number {
    const port = this.#nextPort++
    if (this.#nextPort > 65_535) this.#nextPort = FIRST_FREE_PORT
    return this.#listening.has(String(port)) ? this.freePort() : port
  }

  listener(key: string): Listening | undefined {
    return this.#listening.get(key)
  }

  bind(place: NetworkPlace, backlog: number, arrivals: NetworkArrivals): NetworkBinding {
    const port = place.port === 0 ? this.freePort() : place.port
    const key = place.path ?? String(port)
    const address = addressOf(this, place.path, place.host, port)
    const listening: Listening = { address, backlog, arrivals, keepAliveMs: place.keepAliveMs, pending: 0, open: true }
    const taken = this.#listening.has(key)
    const free = this.up && !taken
    if (free) this.#listening.set(key, listening)
    const { time, journal } = this.#surroundings
    time.after(0, () => {
      if (!listening.open) return
      if (free) {
        journal.note(time.now(), `${this.name}:${key}`, 'listens')
        arrivals.bound(address)
      } else arrivals.failed(systemError(taken ? 'EADDRINUSE' : 'ENETDOWN', 'listen', `: address ${key}`))
    })
    return {
      close: () => {
        listening.open = false
        if (this.#listening.get(key) === listening) this.#listening.delete(key)
      },
    }
  }

  /** Nobody listens any more. */
  closeAll(): void {
    for (const listening of this.#listening.values()) listening.open = false
    this.#listening.clear()
  }
}

const addressOf = (host: HostState, path: string | undefined, wanted: string | undefined, port = 0): Endpoint => {
  if (path !== undefined) return { family: 'unix', address: path }
  const any = wanted === undefined || isIP(wanted) === 0 || wanted === '0.0.0.0' || wanted === '::'
  return { family: 'IPv4', address: any ? host.address : wanted, port }
}
