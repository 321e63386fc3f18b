import type { Duplex } from 'node:stream'
import { destroyStream, handleQueue } from './rawSocket.ts'
import { shareBuffer } from './sharedBuffer.ts'

/** What a {@link DuplexPipe} tells. */
export interface PipeEvents {
  /** `borrowed` memory is written over after the call. */
  received(chunk: Uint8Array, borrowed: boolean): void
  /** The stream says that the peer has ended. */
  ended(): void
  drained(): void
  flushed(): void
  failed(error: Error): void
  gone(): void
}

/** One Node stream, half-open, that is read from and written to. Paused until it is resumed. */
export class DuplexPipe {
  readonly duplex: Duplex
  #events: PipeEvents | null = null
  #reading = false
  #flowing = false
  /** Whether the last write is still on its way. */
  #writing = false
  /** Called when a write is done; made with the first: a connection that is idle has none. */
  #written: ((error?: Error | null) => void) | null = null

  constructor(duplex: Duplex) {
    this.duplex = duplex
    const piped: Piped = duplex
    piped[PIPE] = this
  }

  get queuedBytes(): number {
    return this.duplex.writableLength
  }

  get flushing(): number {
    return handleQueue(this.duplex)
  }

  attach(events: PipeEvents): void {
    const { duplex } = this
    this.#events = events
    duplex.allowHalfOpen = true
    duplex.pause()
    duplex.on('end', onEnd)
    duplex.on('finish', onFinish)
    duplex.on('error', onError)
    duplex.on('close', onClose)
    // it may have waited for us, and something may have happened meanwhile
    if (duplex.destroyed) queueMicrotask(() => this.closed())
    else if (duplex.readableEnded) queueMicrotask(() => this.ended())
  }

  /** Somebody else reads and ends it from now on, `unread` first; errors, and its end, are still told here. */
  lend(unread: readonly Uint8Array[]): void {
    const { duplex } = this
    duplex.off('data', onData)
    duplex.off('end', onEnd)
    duplex.off('finish', onFinish)
    this.#reading = false
    // without a listener nothing may flow
    duplex.pause()
    // the last one is put in front first
    for (const bytes of [...unread].reverse()) if (bytes.length !== 0) duplex.unshift(bytes)
  }

  /** Nothing is told any more of what was lent. */
  detach(): void {
    // the listener for errors stays: what comes late must not end the process
    this.#events = null
  }

  /** Who `copies` what he keeps may be given memory that others have had, and will have: see {@link shareBuffer}. */
  resume(copies: boolean): void {
    this.#flowing = true
    if (!this.#reading) {
      this.#reading = true
      if (!copies || !shareBuffer(this.duplex, onRead)) this.duplex.on('data', onData)
    }
    this.duplex.resume()
  }

  pause(): void {
    this.#flowing = false
    this.duplex.pause()
  }

  write(parts: readonly Uint8Array[]): void {
    const { duplex } = this
    const last = parts.length - 1
    if (last > 0) duplex.cork()
    for (let i = 0; i < last; i++) duplex.write(parts[i])
    duplex.write(parts[last], (this.#written ??= (error) => this.#onWritten(error)))
    if (last > 0) duplex.uncork()
    this.#writing = duplex.writableLength !== 0
  }

  end(): void {
    this.duplex.end()
  }

  received(chunk: Uint8Array, borrowed: boolean): void {
    // a listener that leaves may make a stream flow, whoever has paused it
    if (!this.#flowing) this.duplex.pause()
    this.#events?.received(chunk, borrowed)
  }

  ended(): void {
    this.#events?.ended()
  }

  finished(): void {
    this.#events?.flushed()
    this.release()
  }

  failed(error: Error): void {
    this.#events?.failed(error)
  }

  closed(): void {
    this.#events?.gone()
  }

  // the water mark of the stream is not ours, so neither is its `drain`
  #onWritten(error: Error | null | undefined): void {
    // no error proves nothing where the stream is destroyed, least of all on Node 20 (FAULTS 0.6)
    const broken = error instanceof Error || this.duplex.destroyed
    if (!this.#writing || broken || this.duplex.writableLength !== 0) return
    this.#writing = false
    this.#events?.drained()
  }

  /** Sockets close by themselves when both sides have ended; not every stream does. */
  release(): void {
    const { duplex } = this
    if (duplex.readableEnded && duplex.writableFinished) destroyStream(duplex)
  }
}

/** The pipe of a stream. One set of listeners serves all streams: a connection that is idle is to cost little. */
const PIPE = Symbol('pipe')

type Piped = Duplex & { [PIPE]?: DuplexPipe }

function onData(this: Piped, chunk: Uint8Array): void {
  this[PIPE]?.received(chunk, false)
}

function onRead(this: Piped, bytes: number, buffer: Buffer): boolean {
  this[PIPE]?.received(buffer.subarray(0, bytes), true)
  return true
}

function onEnd(this: Piped): void {
  this[PIPE]?.ended()
}

function onFinish(this: Piped): void {
  this[PIPE]?.finished()
}

function onError(this: Piped, error: Error): void {
  this[PIPE]?.failed(error)
}

function onClose(this: Piped): void {
  this[PIPE]?.closed()
}
