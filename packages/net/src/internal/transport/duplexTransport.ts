import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Endpoint, TlsFacts } from '../../connection.ts'
import type { PipeEvents } from './duplexPipe.ts'
import { DuplexPipe } from './duplexPipe.ts'
import { localOf, remoteOf } from '../connection/endpoints.ts'
import { destroyStream, isNode, isTcp, probe, rawSocketOf } from './rawSocket.ts'
import { tlsFacts, UNKNOWN_TLS } from '../tls/facts.ts'
import { isOfTls, tlsFailure } from '../tls/failure.ts'
import { TlsUpgrade } from '../tls/upgrade.ts'
import type { Transport, TransportSink, Upgrade } from './transport.ts'

export { endpoint } from '../connection/endpoints.ts'

/** What is known of a stream that it does not say itself. */
export interface Known {
  readonly local?: Endpoint | undefined
  readonly remote?: Endpoint | undefined
  /** The host that was asked for. */
  readonly host?: string | undefined
}

/**
 * A Node stream as a transport. It must not have been read from, and is ours from now on. `path` is that of a
 * Unix socket.
 */
export const duplexTransport = (duplex: Duplex, path?: string, known: Known = {}): Transport => {
  const unix: Endpoint | undefined = path === undefined ? undefined : { family: 'unix', address: path }
  return new DuplexTransport(duplex, {
    local: known.local ?? unix ?? localOf(duplex),
    remote: known.remote ?? unix ?? remoteOf(duplex),
    host: known.host,
  })
}

class DuplexTransport implements Transport, PipeEvents {
  /** TLS, where there is TLS. */
  #pipe: DuplexPipe
  /** The socket itself, or the one under TLS: only there a reset and a probe mean something. */
  readonly #raw: Socket | null
  readonly local: Endpoint | undefined
  readonly remote: Endpoint | undefined
  readonly #host: string | undefined
  #tls: TlsFacts | undefined
  #sink: TransportSink | null = null
  #upgrading: TlsUpgrade | null = null
  #flowing = false
  #ended = false

  constructor(duplex: Duplex, { local, remote, host }: Known) {
    this.#pipe = new DuplexPipe(duplex)
    this.#raw = rawSocketOf(duplex)
    this.local = local
    this.remote = remote
    this.#host = host
  }

  get tls(): TlsFacts | undefined {
    const { duplex } = this.#pipe
    if (this.#tls === undefined && duplex instanceof TLSSocket) this.#tls = tlsFacts(duplex)
    return this.#tls
  }

  get queuedBytes(): number {
    return this.#pipe.queuedBytes + (this.#upgrading?.heldBytes ?? 0)
  }

  get copies(): boolean {
    // what is with TLS, or waits for it, is not with the kernel
    return isNode() && this.#pipe.duplex === this.#raw && this.#upgrading === null
  }

  get flushing(): number {
    return this.#pipe.flushing
  }

  get upgrade(): Upgrade | undefined {
    const { duplex } = this.#pipe
    if (duplex instanceof TLSSocket || this.#upgrading !== null) return undefined
    return {
      host: this.#host,
      unreadBytes: duplex.readableLength,
      secure: (handshake, unread, done, failed) => {
        this.#pipe.lend(unread)
        const upgrading = (this.#upgrading = new TlsUpgrade())
        upgrading.begin(duplex, handshake, (secure) => done(this.#swap(secure, upgrading)), failed) // prettier-ignore
      },
    }
  }

  attach(sink: TransportSink): void {
    this.#sink = sink
    const { duplex } = this.#pipe
    if (duplex instanceof TLSSocket && this.tls === undefined) {
      duplex.once('secureConnect', () => {
        if (this.tls !== undefined) sink.secured(this.tls)
      })
    }
    // what breaks under TLS, TLS tells
    if (this.#raw !== duplex) this.#raw?.on('error', () => undefined)
    this.#pipe.attach(this)
  }

  resume(copies: boolean): void {
    this.#flowing = true
    if (this.#upgrading === null) this.#pipe.resume(copies)
  }

  pause(): void {
    this.#flowing = false
    if (this.#upgrading === null) this.#pipe.pause()
  }

  write(parts: readonly Uint8Array[]): void {
    if (this.#upgrading === null) this.#pipe.write(parts)
    else this.#upgrading.hold(parts)
  }

  end(): void {
    this.#ended = true
    if (this.#upgrading === null) this.#pipe.end()
  }

  abort(): void {
    const socket = this.#raw
    const { duplex } = this.#pipe
    // a reset while a FIN is in flight leaks the descriptor, and while connecting it waits (FAULTS 0.5)
    const inFlight = this.#ended && !duplex.writableFinished
    if (socket !== null && !inFlight && isTcp(socket)) socket.resetAndDestroy()
    else destroyStream(duplex)
    this.#upgrading?.breakOff()
  }

  probe(alive: () => void): void {
    if (this.#raw === this.#pipe.duplex || this.#unasked) this.#probe(alive)
    // not while OpenSSL is at work: a failure destroys both
    else setImmediate(() => this.#probe(alive))
  }

  ref(keeps: boolean): void {
    const { duplex } = this.#pipe
    if (!(duplex instanceof Socket)) return
    if (keeps) duplex.ref()
    else duplex.unref()
  }

  received(chunk: Uint8Array, borrowed: boolean): void {
    this.#sink?.received(chunk, borrowed)
  }

  ended(): void {
    // a reset behind unread data looks like a FIN on some versions of Node (FAULTS 0.1)
    this.probe(() => {
      this.#sink?.peerEnded()
      this.#pipe.release()
    })
  }

  drained(): void {
    // what waits for TLS is not with the kernel
    if (this.queuedBytes === 0) this.#sink?.drained()
  }

  flushed(): void {
    this.#sink?.flushed()
  }

  failed(error: Error): void {
    // of a handshake its own failure is told
    if (this.#upgrading === null) this.#sink?.failed(tellable(error, this.#pipe.duplex, this.tls))
  }

  gone(): void {
    const gone = (): void => {
      this.#sink?.gone()
    }
    // a handshake says why first
    if (this.#upgrading === null) gone()
    else this.#upgrading.whenOver(gone)
  }

  /** Whether asking makes no sense: after our own end a write proves nothing, and one under way tells by itself. */
  get #unasked(): boolean {
    return this.#raw === null || this.#ended || this.#upgrading !== null || this.queuedBytes !== 0
  }

  #probe(alive: () => void): void {
    if (this.#raw === null || this.#unasked) alive()
    else probe(this.#raw, alive)
  }

  /** TLS takes the place of what it runs over. */
  #swap(secure: TLSSocket, { held }: TlsUpgrade): TlsFacts {
    this.#pipe.detach()
    this.#pipe = new DuplexPipe(secure)
    this.#upgrading = null
    this.#pipe.attach(this)
    const facts = this.tls ?? UNKNOWN_TLS
    this.#sink?.secured(facts)
    if (held.length !== 0) {
      this.write(held)
      this.drained()
    }
    if (this.#ended) this.#pipe.end()
    if (this.#flowing) this.#pipe.resume(false)
    return facts
  }
}

/** An error as who hears of it knows it: of TLS, or of what it runs over. */
const tellable = (error: Error, duplex: Duplex, tls: TlsFacts | undefined): Error => {
  if (!(duplex instanceof TLSSocket)) return error
  if (tls === undefined) return tlsFailure(error, { secure: duplex })
  return isOfTls(error) ? tlsFailure(error) : error
}
