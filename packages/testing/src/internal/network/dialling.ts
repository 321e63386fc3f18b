import type { Endpoint, Lookup, NetworkDialled, NetworkPlace } from '@sluice/net'
import { isIP } from '@sluice/net'
import type { Fabric } from './fabric.ts'
import type { HostState, Listening } from './hostState.ts'
import { SimulatedSocket, systemError } from './simulatedSocket.ts'

/** The first wait for an answer to a SYN; each further one is twice as long. */
const FIRST_RETRY_MS = 1_000
const MOST_TRIES = 7

/**
 * One way to a connection, as TCP makes it.
 *
 * ```
 *  SYN ──▶ nobody listens: refused · lost, or the accept queue full: again after 1, 2, 4 … 64 s, then ETIMEDOUT
 *   └────▶ queue ──▶ connected, after a round trip ──▶ accepted, half of one later
 * ```
 */
export class Dialling {
  readonly #fabric: Fabric
  readonly #from: HostState
  readonly #to: NetworkPlace
  readonly #dialled: NetworkDialled
  #broken = false
  #client: SimulatedSocket | null = null

  constructor(fabric: Fabric, from: HostState, to: NetworkPlace, dialled: NetworkDialled) {
    this.#fabric = fabric
    this.#from = from
    this.#to = to
    this.#dialled = dialled
    const target = to.path === undefined ? fabric.find(from, to.host ?? 'localhost') : from
    if (target === undefined) {
      this.#after(1, () => {
        this.#fail(systemError('ENOTFOUND', 'getaddrinfo', ` ${to.host ?? ''}`))
      })
    } else this.#try(target, 1)
  }

  breakOff(): void {
    this.#broken = true
    this.#client?.abort()
  }

  get #key(): string {
    return this.#to.path ?? String(this.#to.port)
  }

  #try(target: HostState, tries: number): void {
    const [there, back] = [this.#fabric.link(this.#from, target), this.#fabric.link(target, this.#from)]
    this.#after(there.delay(), () => {
      const listening = target.listener(this.#key)
      const lost = !there.passes || !back.passes || !target.up
      if (lost || (listening !== undefined && listening.pending > listening.backlog)) this.#again(target, tries)
      else if (listening === undefined) {
        this.#after(back.delay(), () => {
          this.#note(target, 'refused')
          // no file, where it is a Unix socket
          const code = this.#to.path === undefined ? 'ECONNREFUSED' : 'ENOENT'
          this.#fail(systemError(code, 'connect', ` ${target.address}:${this.#key}`))
        })
      } else this.#meet(target, listening)
    })
  }

  #again(target: HostState, tries: number): void {
    this.#note(target, 'syn lost')
    this.#after(FIRST_RETRY_MS * 2 ** (tries - 1), () => {
      if (tries < MOST_TRIES) this.#try(target, tries + 1)
      else this.#fail(systemError('ETIMEDOUT', 'connect', ` ${target.address}:${this.#key}`))
    })
  }

  #meet(target: HostState, listening: Listening): void {
    const { time } = this.#fabric
    const [there, back] = [this.#fabric.link(this.#from, target), this.#fabric.link(target, this.#from)]
    const [client, server] = this.#pair(target, listening)
    this.#client = client
    listening.pending++
    const answered = back.delay()
    time.after(answered, () => {
      if (this.#broken) return
      this.#note(target, 'connected')
      this.#dialled.connected(client, this.#lookups(target))
    })
    time.after(answered + there.delay(), () => {
      listening.pending--
      if (listening.open && target.up) listening.arrivals.arrived(server)
      else server.abort()
    })
  }

  #pair(target: HostState, listening: Listening): readonly [SimulatedSocket, SimulatedSocket] {
    const fabric = this.#fabric
    const from = this.#from
    const [there, back] = [fabric.link(from, target), fabric.link(target, from)]
    const unix = this.#to.path !== undefined
    const port = unix ? 0 : from.freePort()
    const address = from === target ? '127.0.0.1' : from.address
    const near: Endpoint = unix ? listening.address : { family: 'IPv4', address, port }
    const far: Endpoint = unix
      ? listening.address
      : { family: 'IPv4', address: from === target ? '127.0.0.1' : target.address, port: this.#to.port ?? 0 }
    const [one, other] = [`${from.name}:${String(port)}`, `${target.name}:${this.#key}`]
    const keepAliveMs = unix ? Infinity : this.#to.keepAliveMs
    const client = new SimulatedSocket({
      ...{ surroundings: fabric, host: from, toPeer: there, fromPeer: back },
      ...{ local: near, remote: far, name: `${one} → ${other}`, keepAliveMs },
    })
    const server = new SimulatedSocket({
      ...{ surroundings: fabric, host: target, toPeer: back, fromPeer: there, local: far, remote: near },
      ...{ name: `${other} → ${one}`, keepAliveMs: unix ? Infinity : listening.keepAliveMs },
    })
    client.meet(server)
    server.meet(client)
    return [client, server]
  }

  #lookups({ address }: HostState): readonly Lookup[] {
    const { host, path } = this.#to
    if (path !== undefined || host === undefined || isIP(host) !== 0) return []
    return [{ _tag: 'Lookup', host, addresses: [host === 'localhost' ? '127.0.0.1' : address] }]
  }

  #note(target: HostState, what: string): void {
    const { journal, time } = this.#fabric
    journal.note(time.now(), `${this.#from.name} → ${target.name}:${this.#key}`, what)
  }

  #after(ms: number, run: () => void): void {
    this.#fabric.time.after(ms, () => {
      if (!this.#broken) run()
    })
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#dialled.failed(error.code ?? '', error.message, error)
  }
}
