import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as tlsConnect, TLSSocket } from 'node:tls'
import { authority } from '../support/certificates.ts'

/** Whom the peers and we trust, and a certificate for loopback. */
export const ca = authority()
export const identity = ca.issue()

/**
 * The other end, of Node alone. `raw` is the TCP socket itself also under TLS, so that it can be broken
 * below: a reset, a bare FIN.
 */
export class Peer {
  readonly raw: Socket
  readonly stream: Duplex
  /** All it has sent, as text. */
  sent = ''
  /** All it has received, as text, since somebody asked for it. */
  got = ''
  #reading = false
  /** Told by the event: `closed` of the stream may not say so yet. */
  #closed = false
  #look: () => void = () => undefined

  constructor(raw: Socket, stream: Duplex = raw) {
    this.raw = raw
    this.stream = stream
    raw.on('error', () => undefined)
    stream.on('error', () => undefined)
    stream.on('end', () => this.#look())
    stream.on('close', () => {
      this.#closed = true
      this.#look()
    })
  }

  write(text: string): void {
    this.sent += text
    this.stream.write(text)
  }

  /** Writes, and waits until the kernel has it. */
  async written(text: string): Promise<void> {
    this.sent += text
    await new Promise((resolve) => this.stream.write(text, resolve))
  }

  /** Ends its side as it should be done: FIN, and under TLS its goodbye before it. */
  end(text = ''): void {
    this.sent += text
    this.stream.end(text)
  }

  /** FIN and nothing else. */
  fin(): void {
    this.raw.end()
  }

  /** RST. After our own FIN only when that has left: else the socket leaks, and nothing is sent. */
  async reset(): Promise<void> {
    if (this.raw.writableEnded && !this.raw.writableFinished) await once(this.raw, 'finish')
    this.raw.resetAndDestroy()
  }

  /** Reads from here on. */
  read(): this {
    if (!this.#reading) {
      this.#reading = true
      this.stream.on('data', (chunk: Buffer) => {
        this.got += chunk.toString()
        this.#look()
      })
    }
    this.stream.resume()
    return this
  }

  /** All it gets until our end; rejects where it is broken off. */
  text(): Promise<string> {
    return this.#until(() => this.stream.readableEnded)
  }

  /** What it has got once it is so much. */
  next(length: number): Promise<string> {
    return this.#until(() => this.got.length >= length)
  }

  destroy(): void {
    this.stream.destroy()
    this.raw.destroy()
  }

  #until(holds: () => boolean): Promise<string> {
    this.read()
    return new Promise((resolve, reject) => {
      this.#look = () => {
        if (holds()) resolve(this.got)
        else if (this.#closed) reject(new Error(`broken off after ${JSON.stringify(this.got.slice(-50))}`))
      }
      this.#look()
    })
  }
}

/** The end of a client, over a connected socket. */
export const clientPeer = async (raw: Socket, tls: boolean): Promise<Peer> => {
  if (!tls) return new Peer(raw)
  const stream = tlsConnect({ socket: new Under(raw), ca: ca.cert, servername: 'localhost', ...HALF_OPEN })
  const peer = new Peer(raw, stream)
  await once(stream, 'secureConnect')
  return peer
}

/** The end of a server, over an accepted socket. */
export const serverPeer = async (raw: Socket, tls: boolean): Promise<Peer> => {
  if (!tls) return new Peer(raw)
  const stream = new TLSSocket(new Under(raw), { isServer: true, ...identity, ...HALF_OPEN })
  const peer = new Peer(raw, stream)
  // with TLS 1.3 the client is done before
  await once(stream, 'secure')
  return peer
}

// the types of Node do not know that TLS takes it
const HALF_OPEN: { readonly allowHalfOpen: boolean } = { allowHalfOpen: true }

/** A socket as a mere stream, so that TLS over it does not take it away from us. */
class Under extends Duplex {
  readonly #raw: Socket

  constructor(raw: Socket) {
    super({ allowHalfOpen: true })
    this.#raw = raw
    raw.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) raw.pause()
    })
    raw.on('end', () => this.push(null))
    raw.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#raw.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, encoding, done)
  }

  override _final(done: () => void): void {
    this.#raw.end(done)
  }
}
