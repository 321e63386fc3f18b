import { Duplex } from 'node:stream'

type Done = (error?: Error | null) => void

/**
 * One end of a connection in memory, as any Node `Duplex`: keeps each batch it is given, whole, so that
 * batches can be counted; while `stalled` it takes them and does not say that it has.
 */
export class Wire extends Duplex {
  /** What one system call would have been, on a socket. */
  readonly batches: string[] = []
  readonly parts: Uint8Array[] = []
  #stalled = false
  #waiting: Done | null = null

  constructor(options: { readonly autoDestroy?: boolean; readonly writableHighWaterMark?: number } = {}) {
    super({ allowHalfOpen: true, ...options })
  }

  /** Bytes from the peer. */
  give(text: string | Uint8Array): void {
    this.push(Buffer.from(text))
  }

  /** The peer's FIN. */
  fin(): void {
    this.push(null)
  }

  stall(): void {
    this.#stalled = true
  }

  /** Takes what waits, and all that follows. */
  drain(): void {
    this.#stalled = false
    this.drainOnce()
  }

  /** Takes what waits. */
  drainOnce(): void {
    const done = this.#waiting
    this.#waiting = null
    done?.()
  }

  get text(): string {
    return this.batches.join('')
  }

  override _read(): void {
    // bytes come by `give`
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#taken([chunk], done)
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#taken(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  #taken(chunks: readonly Buffer[], done: Done): void {
    this.parts.push(...chunks)
    this.batches.push(Buffer.concat(chunks).toString())
    if (this.#stalled) this.#waiting = done
    else done()
  }
}
