import { Duplex } from 'node:stream'

/** One of two ends of a stream in memory, half-open: what one writes the other reads, and a break breaks both. */
export class MemoryStream extends Duplex {
  other: MemoryStream | null = null
  #waiting: (() => void) | null = null

  constructor() {
    super({ allowHalfOpen: true })
  }

  /** Bytes of the other end; false where no more should come. */
  deliver(chunk: Buffer): boolean {
    return this.push(chunk)
  }

  /** The other end was destroyed. */
  broken(): void {
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }

  override _read(): void {
    this.other?.goOn()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.other?.deliver(chunk) === true) done()
    else this.#waiting = done
  }

  override _final(done: () => void): void {
    this.other?.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this
    const clean = this.writableFinished && this.readableEnded
    if (other !== null && !clean && !other.destroyed) process.nextTick(() => other.broken())
    done(error)
  }

  goOn(): void {
    const done = this.#waiting
    this.#waiting = null
    if (done !== null) process.nextTick(done)
  }
}

/** Two ends that are connected. */
export const memoryPair = (
  one: MemoryStream = new MemoryStream(),
  other: MemoryStream = new MemoryStream(),
): readonly [Duplex, Duplex] => {
  one.other = other
  other.other = one
  return [one, other]
}
