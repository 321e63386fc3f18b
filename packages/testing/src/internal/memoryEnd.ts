import { Duplex } from 'node:stream'

type Done = (error?: Error | null) => void

/** The other end of a connection in memory: what it is sent is kept; while it stalls it takes nothing. */
export class MemoryEnd extends Duplex {
  readonly #written: Buffer[] = []
  #stalled = false
  #waiting: Done | null = null
  /** Whether our side of the connection has ended. */
  ended = false

  constructor() {
    super({ allowHalfOpen: true, writableHighWaterMark: 1 })
  }

  get written(): Uint8Array {
    return Buffer.concat(this.#written)
  }

  give(bytes: Uint8Array): void {
    if (bytes.length > 0 && !this.destroyed && !this.readableEnded) this.push(Buffer.from(bytes))
  }

  fin(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null)
  }

  reset(): void {
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }

  stall(): void {
    this.#stalled = true
  }

  drain(): void {
    this.#stalled = false
    const done = this.#waiting
    this.#waiting = null
    done?.()
  }

  override _read(): void {
    // bytes come by `give`
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#written.push(Buffer.from(chunk))
    if (this.#stalled) this.#waiting = done
    else done()
  }

  override _final(done: Done): void {
    this.ended = true
    done()
  }
}
