import type { Connection } from '../connection.ts'
import { ConnectionLost } from '../errors.ts'
import { Intake } from '../internal/bridges/intake.ts'
import { live } from '../internal/connection/live.ts'
import { Pourer } from '../internal/bridges/pourer.ts'

/** The two sides of a connection as web streams: a `ReadableWritablePair`. */
export interface WebStreams {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/**
 * A connection as a pair of web streams. Loses nothing: a chunk is read from the socket only when somebody
 * asks for one, and a write is done only when there is room.
 *
 * ```
 *  peer ──▶ data$ ──▶ readable     one chunk for each read; between reads the gate is held
 *  peer ◀── write ◀── writable     waits for room, whatever `whenFull` says
 * ```
 *
 * | here | there |
 * |---|---|
 * | the peer's FIN | `readable` is closed |
 * | `writable.close()` | flush, then our FIN; its promise is kept when both are with the kernel |
 * | `writable.abort(reason)` | `abort(reason)`, at once, also while a write waits |
 * | `readable.cancel()` | what still comes is read and dropped; with `writable` closed this is `close()` |
 * | the connection breaks | both fail with `ConnectionLost` |
 *
 * Nothing is read before the first read (R1), and `data$` is the readable's own from then on. Its chunks are
 * views, not to be written to, and no BYOB reader can be had of it: that would take the memory from them.
 *
 * Errors: `ConnectionLost` (as its `reason`) · `NotWritable` (local: our side had ended before) ·
 * `NotEncodable` (local: what is no bytes; the writable fails with it) · `AlreadySubscribed` (local:
 * somebody else reads; the connection goes on).
 *
 * ```ts
 * import { fromDuplex, toWeb } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 *
 * // the peer is a PassThrough: it gives back what it is sent
 * const { readable, writable } = toWeb(fromDuplex(new PassThrough()))
 * const sending = new Blob(['hello']).stream().pipeTo(writable)
 * for await (const bytes of readable) console.log(Buffer.from(bytes).toString()) // hello
 * await sending
 * ```
 */
export const toWeb = (connection: Connection): WebStreams => new WebBridge(connection)

/** Settles one call of the writable; only one is under way at a time. */
interface Call {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

class WebBridge implements WebStreams {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
  readonly #connection: Connection
  readonly #pourer: Pourer
  #reading: ReadableStreamDefaultController<Uint8Array> | null = null
  #writing: WritableStreamDefaultController | null = null
  #cancelled = false
  #ending = false
  #call: Call | null = null

  constructor(connection: Connection) {
    this.#connection = connection
    this.#pourer = new Pourer(live('toWeb()', connection))
    this.readable = this.#makeReadable()
    this.writable = this.#makeWritable()
    connection.events$.subscribe((event) => {
      if (event._tag === 'Drained') this.#pourer.drained()
      else if (event._tag === 'LocalEnded' && this.#ending) this.#settle()
      else if (event._tag === 'Closed' && event.cause._tag !== 'Finished') this.#broken(new ConnectionLost(event.cause))
    })
  }

  #makeReadable(): ReadableStream<Uint8Array> {
    const intake = new Intake(this.#connection.data$, {
      next: (bytes) => {
        if (this.#cancelled) intake.demand()
        else this.#reading?.enqueue(bytes)
      },
      error: (error) => this.#reading?.error(error),
      complete: () => {
        if (!this.#cancelled) this.#reading?.close()
      },
    })
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#reading = controller
        },
        pull: () => {
          intake.demand()
        },
        cancel: () => {
          this.#cancelled = true
          if (this.#ending) this.#connection.close()
          intake.demand()
        },
      },
      { highWaterMark: 0 },
    )
  }

  #makeWritable(): WritableStream<Uint8Array> {
    return new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#writing = controller
        // the stream itself waits for the write under way, which may wait for ever
        const signal = signalOf(controller)
        signal?.addEventListener('abort', () => {
          this.#connection.abort(signal.reason)
        })
      },
      write: (bytes) =>
        this.#called(() => {
          this.#pourer.pour([bytes], (error) => {
            this.#settle(error)
          })
        }),
      close: () =>
        this.#called(() => {
          this.#ending = true
          if (this.#cancelled) this.#connection.close()
          else this.#connection.end()
          if (this.#connection.localEnded) this.#settle()
        }),
    })
  }

  #called(begin: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#call = { resolve, reject }
      begin()
    })
  }

  #settle(error?: Error): void {
    const call = this.#call
    this.#call = null
    if (error === undefined) call?.resolve()
    else call?.reject(error)
  }

  #broken(error: ConnectionLost): void {
    this.#reading?.error(error)
    this.#writing?.error(error)
    this.#settle(error)
  }
}

/** Node has it from version 18 on; its types of version 20 do not know. */
const signalOf = (controller: object): AbortSignal | null =>
  'signal' in controller && controller.signal instanceof AbortSignal ? controller.signal : null
