import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Endpoint, TlsFacts } from '../connection.ts'
import type { Transport, TransportSink } from './transport.ts'

const NOTHING = Buffer.alloc(0)
const NODE = process.versions['bun'] === undefined && process.versions['deno'] === undefined

/** A Node stream as a transport. It must not have been read from, and is ours from now on. */
export const duplexTransport = (duplex: Duplex, path?: string): Transport => new DuplexTransport(duplex, path)

class DuplexTransport implements Transport {
  readonly #duplex: Duplex
  /** The socket itself, where it is one without TLS: only there a reset and a probe mean something. */
  readonly #plain: Socket | null
  readonly local: Endpoint | undefined
  readonly remote: Endpoint | undefined
  readonly tls: TlsFacts | undefined = undefined
  #sink: TransportSink | null = null
  #reading = false
  #ended = false
  /** Whether the last write is still on its way. */
  #writing = false
  // the water mark of the stream is not ours, so neither is its `drain`
  readonly #written = (error?: Error | null): void => {
    // no error proves nothing where the stream is destroyed, least of all on Node 20 (FAULTS 0.6)
    const broken = error instanceof Error || this.#duplex.destroyed
    if (!this.#writing || broken || this.#duplex.writableLength !== 0) return
    this.#writing = false
    this.#sink?.drained()
  }

  constructor(duplex: Duplex, path?: string) {
    this.#duplex = duplex
    this.#plain = duplex instanceof Socket && !(duplex instanceof TLSSocket) ? duplex : null
    this.local = path === undefined ? localOf(duplex) : { family: 'unix', address: path }
    this.remote = path === undefined ? remoteOf(duplex) : { family: 'unix', address: path }
  }

  get queuedBytes(): number {
    return this.#duplex.writableLength
  }

  get copies(): boolean {
    return NODE && this.#plain !== null
  }

  get flushing(): number {
    return handleQueue(this.#duplex)
  }

  attach(sink: TransportSink): void {
    const duplex = this.#duplex
    this.#sink = sink
    duplex.allowHalfOpen = true
    duplex.pause()
    duplex.on('end', () => this.#onEnd(sink))
    duplex.on('finish', () => {
      sink.flushed()
      this.#release()
    })
    // stays until the end: an error after everything is done must not end the process
    duplex.on('error', (error) => sink.failed(error))
    duplex.on('close', () => sink.gone())
    if (duplex.destroyed) queueMicrotask(() => sink.gone())
  }

  resume(): void {
    const sink = this.#sink
    if (!this.#reading && sink !== null) {
      this.#reading = true
      this.#duplex.on('data', (chunk: Buffer) => sink.received(chunk))
    }
    this.#duplex.resume()
  }

  pause(): void {
    this.#duplex.pause()
  }

  write(parts: readonly Uint8Array[]): void {
    const duplex = this.#duplex
    const last = parts.length - 1
    if (last > 0) duplex.cork()
    for (let i = 0; i < last; i++) duplex.write(parts[i])
    duplex.write(parts[last], this.#written)
    if (last > 0) duplex.uncork()
    this.#writing = duplex.writableLength !== 0
  }

  end(): void {
    this.#ended = true
    this.#duplex.end()
  }

  abort(): void {
    const socket = this.#plain
    // a reset while a FIN is in flight leaks the descriptor, and while connecting it waits (FAULTS 0.5)
    const inFlight = this.#ended && !this.#duplex.writableFinished
    if (socket !== null && !inFlight && isTcp(socket)) socket.resetAndDestroy()
    else this.#duplex.destroy()
  }

  probe(alive: () => void): void {
    const socket = this.#plain
    // what is being written would tell by itself
    if (socket === null || this.#ended || socket.writableLength !== 0 || !isTcp(socket)) {
      alive()
      return
    }
    // puts nothing on the wire, but tells of a reset that reading has not seen (FAULTS 0.4)
    socket.write(NOTHING, (error) => {
      if ((error ?? null) === null && !socket.destroyed) alive()
    })
  }

  ref(keeps: boolean): void {
    const duplex = this.#duplex
    if (!(duplex instanceof Socket)) return
    if (keeps) duplex.ref()
    else duplex.unref()
  }

  #onEnd(sink: TransportSink): void {
    // a reset behind unread data looks like a FIN on some versions of Node (FAULTS 0.1)
    this.probe(() => {
      sink.peerEnded()
      this.#release()
    })
  }

  /** Sockets close by themselves when both sides have ended; not every stream does. */
  #release(): void {
    const duplex = this.#duplex
    if (duplex.readableEnded && duplex.writableFinished) duplex.destroy()
  }
}

/** Connected over TCP: a Unix socket has no address. That of the peer is lost where it has gone already (FAULTS 0.12). */
const isTcp = (socket: Socket): boolean => !socket.destroyed && !socket.connecting && socket.localAddress !== undefined

/** libuv's own queue, which shrinks with every byte the peer takes; a whole write may take minutes. */
const handleQueue = (duplex: Duplex): number => {
  const handle: unknown = Reflect.get(duplex, '_handle')
  if (typeof handle !== 'object' || handle === null) return 0
  const size: unknown = Reflect.get(handle, 'writeQueueSize')
  return typeof size === 'number' ? size : 0
}

const localOf = (duplex: Duplex): Endpoint | undefined => {
  if (!(duplex instanceof Socket)) return { family: 'other', address: duplex.constructor.name }
  return endpoint(duplex.localAddress, duplex.localPort)
}

const remoteOf = (duplex: Duplex): Endpoint | undefined => {
  if (!(duplex instanceof Socket)) return { family: 'other', address: duplex.constructor.name }
  return endpoint(duplex.remoteAddress, duplex.remotePort)
}

export const endpoint = (address: string | undefined, port: number | undefined): Endpoint | undefined =>
  address === undefined ? undefined : { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port }
