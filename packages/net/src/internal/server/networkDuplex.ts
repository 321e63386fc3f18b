import { Duplex } from 'node:stream'
import type { Transport, TransportSink } from '../transport/transport.ts'

/** A transport as a stream of Node's: for who reads a header off it, or says a last word. Half-open. */
export const networkDuplex = (transport: Transport): Duplex => new NetworkDuplex(transport)

class NetworkDuplex extends Duplex implements TransportSink {
  readonly #transport: Transport
  #written: (() => void) | null = null
  #ended: (() => void) | null = null
  #closed: (() => void) | null = null
  #gone = false

  constructor(transport: Transport) {
    super({ allowHalfOpen: true, highWaterMark: 64 * 1024 })
    this.#transport = transport
    transport.attach(this)
  }

  override _read(): void {
    this.#transport.resume(false)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#transport.write([chunk])
    if (this.#transport.queuedBytes === 0) done()
    else this.#written = done
  }

  override _final(done: () => void): void {
    this.#ended = done
    this.#transport.end()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#closed = () => {
      done(error)
    }
    if (this.#gone) this.#closed()
    else this.#transport.abort()
  }

  received(chunk: Uint8Array): void {
    if (!this.push(chunk)) this.#transport.pause()
  }

  peerEnded(): void {
    this.push(null)
  }

  drained(): void {
    const written = this.#written
    this.#written = null
    written?.()
  }

  flushed(): void {
    this.#ended?.()
  }

  failed(error: Error): void {
    this.destroy(error)
  }

  secured(): void {
    // there is no TLS on it
  }

  gone(): void {
    this.#gone = true
    if (this.#closed === null) this.destroy()
    else this.#closed()
  }
}
