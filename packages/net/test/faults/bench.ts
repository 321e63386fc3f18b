import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Socket } from 'node:net'
import { createConnection, createServer } from 'node:net'
import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { firstValueFrom, map, of, ReplaySubject, tap } from 'rxjs'
import type { Closed, Connection, ConnectOptions, Handler, Listener, ListenOptions } from '../../src/index.ts'
import { connect, listen, speak } from '../../src/index.ts'
import { VirtualClock } from '../support/virtualClock.ts'
import type { Peer } from './peer.ts'
import { ca, clientPeer, identity, serverPeer } from './peer.ts'
import type { Carrier, Side } from './side.ts'
import type { Ours, Pair, Serving, Talk, Watched } from './talk.ts'

export const HOST = '127.0.0.1'
export const protocol = lines()
export const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

/** Options of either end of ours. */
export type OurOptions = ListenOptions & ConnectOptions

/** What a row works with. Everything it makes is watched, and given back when the row is over. */
export class Bench {
  readonly side: Side
  readonly carrier: Carrier
  readonly clock = new VirtualClock()
  readonly watched: Watched[] = []
  readonly talks: Talk[] = []
  readonly servings: Serving[] = []
  readonly ports: number[] = []
  /** Whether who connects from here on is under the fault. */
  victims = true
  #undone: (() => void)[] = []

  constructor(side: Side, carrier: Carrier) {
    this.side = side
    this.carrier = carrier
  }

  get tls(): boolean {
    return this.carrier === 'tls'
  }

  /** Remembers what is to be given back at the end, the latest first. */
  afterwards(giveBack: () => void): void {
    this.#undone.push(giveBack)
  }

  giveBack(): void {
    const undone = this.#undone.reverse()
    this.#undone = []
    for (const one of undone) one()
  }

  /** Our end on its side of a new connection, and a peer. Ours speaks lines, and answers as `handler` does. */
  async talk(options: OurOptions = {}, handler: Handler<string, string> = shout): Promise<Talk> {
    if (this.side === 'server') return (await this.serving(options, handler)).talk()
    const { peer, connection } = await this.#pairAsClient(options)
    return this.#talking({ ...this.#hold(connection, handler), peer })
  }

  /** Our end on its side of a new connection with which nobody has begun anything, and a peer. */
  async pair(options: OurOptions = {}): Promise<Pair> {
    const pair = this.side === 'client' ? await this.#pairAsClient(options) : await this.#pairAsServer(options)
    this.watch(pair.connection)
    return pair
  }

  /** A server of ours that holds a conversation with everybody. */
  async serving(options: ListenOptions = {}, handler: Handler<string, string> = shout): Promise<Serving> {
    const listener = await this.listening(options)
    const [begun, wanted]: [Ours[], ((ours: Ours) => void)[]] = [[], []]
    const conversations = listener.connections$.subscribe((connection) => {
      const ours = this.#hold(connection, handler)
      const next = wanted.shift()
      if (next === undefined) begun.push(ours)
      else next(ours)
    })
    this.afterwards(() => {
      conversations.unsubscribe()
    })
    const next = (): Promise<Ours> =>
      new Promise((resolve) => {
        const first = begun.shift()
        if (first === undefined) wanted.push(resolve)
        else resolve(first)
      })
    const talk = async (): Promise<Talk> => {
      const peer = await this.peerAt(listener)
      let ours = await next()
      const { localPort } = peer.raw
      // others may have come before; who was broken off at once has no port any more
      while (localPort !== undefined && ours.connection.remote?.port !== localPort) ours = await next()
      return this.#talking({ ...ours, peer })
    }
    const serving = { listener, handler, next, talk }
    this.servings.push(serving)
    return serving
  }

  /** A new peer at a server of ours. */
  async peerAt({ address }: Listener): Promise<Peer> {
    const raw = this.dial(address.port ?? 0)
    // ours may have broken it off before the peer has seen it begin
    await new Promise((resolve) => raw.once('connect', resolve).once('close', resolve))
    return clientPeer(raw, this.tls)
  }

  /** A socket of Node's on its way. */
  dial(port: number): Socket {
    const raw = createConnection({ port, host: HOST, allowHalfOpen: true, noDelay: true })
    raw.on('error', () => undefined)
    this.afterwards(() => {
      raw.destroy()
    })
    return raw
  }

  /** A listener of ours. */
  async listening(options: ListenOptions = {}): Promise<Listener> {
    const tls = this.tls ? { tls: identity } : {}
    const listener = await this.#first(listen({ port: 0, host: HOST, ...tls, ...options }))
    this.ports.push(listener.address.port ?? 0)
    return listener
  }

  /** A connection of ours to a port. */
  async connecting(options: ConnectOptions): Promise<Connection> {
    const tls = this.tls ? { tls: { ca: ca.cert } } : {}
    return this.#first(connect({ host: HOST, ...tls, ...options }))
  }

  /** A server of Node's; the next socket it takes. */
  async plainServer(): Promise<{ readonly port: number; readonly accepted: () => Promise<Socket> }> {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: !this.tls })
    server.listen(0, HOST)
    await once(server, 'listening')
    this.afterwards(() => {
      server.close()
    })
    const { port } = server.address() as AddressInfo
    this.ports.push(port)
    server.on('connection', (socket) => {
      socket.on('error', () => undefined)
      this.afterwards(() => {
        socket.destroy()
      })
    })
    const accepted = async (): Promise<Socket> => {
      const [socket] = (await once(server, 'connection')) as [Socket]
      return socket
    }
    return { port, accepted }
  }

  /** Reads what comes, for nobody. */
  drain(connection: Connection): void {
    const reading = connection.data$.subscribe({ error: () => undefined })
    this.afterwards(() => {
      reading.unsubscribe()
    })
  }

  /** Notes all that is told about a connection. */
  watch(connection: Connection): Watched {
    const watched: Watched = { connection, events: [], victim: this.victims }
    this.watched.push(watched)
    connection.events$.subscribe((event) => watched.events.push(event))
    return watched
  }

  async #pairAsClient(options: ConnectOptions): Promise<Pair> {
    const { port, accepted } = await this.plainServer()
    const peer = accepted().then((raw) => serverPeer(raw, this.tls))
    const connection = await this.connecting({ port, ...options })
    return { peer: await peer, connection }
  }

  async #pairAsServer(options: ListenOptions): Promise<Pair> {
    const listener = await this.listening(options)
    const taken = this.#first(listener.connections$)
    return { peer: await this.peerAt(listener), connection: await taken }
  }

  #hold(connection: Connection, handler: Handler<string, string>): Ours {
    this.watch(connection)
    const [heard, said]: [string[], string[]] = [[], []]
    const noted: Handler<string, string> = (in$, ours) =>
      handler(in$.pipe(tap((line) => heard.push(line))), ours).pipe(tap((line) => said.push(line)))
    const closed$ = new ReplaySubject<Closed>(1)
    const subscription = of(connection).pipe(speak(protocol, noted)).subscribe(closed$)
    this.afterwards(() => {
      subscription.unsubscribe()
    })
    const closed = firstValueFrom(closed$)
    // who is unsubscribed is told nothing more
    closed.catch(() => undefined)
    return { connection, heard, said, closed, subscription }
  }

  #talking(talk: Talk): Talk {
    this.talks.push(talk)
    return talk
  }

  #first<A>(source$: Observable<A>): Promise<A> {
    return new Promise((resolve, reject) => {
      const subscription = source$.subscribe({ next: resolve, error: reject })
      this.afterwards(() => {
        subscription.unsubscribe()
      })
    })
  }
}
