import { Duplex } from 'node:stream'

/** Two ends of a stream in memory, half-open: what one writes the other reads. */
export const memoryPair = (): readonly [Duplex, Duplex] => {
  const one = new End()
  const other = new End()
  one.other = other
  other.other = one
  return [one, other]
}

class End extends Duplex {
  other: End | null = null
  /** What waits until the other end is read. */
  #waiting: (() => void) | null = null

  constructor() {
    super({ allowHalfOpen: true })
  }

  override _read(): void {
    this.other?.goOn()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.other?.push(chunk) === true) done()
    else this.#waiting = done
  }

  override _final(done: () => void): void {
    this.other?.push(null)
    done()
  }

  goOn(): void {
    const done = this.#waiting
    this.#waiting = null
    if (done !== null) process.nextTick(done)
  }
}
