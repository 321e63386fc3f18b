import { Duplex } from 'node:stream'
import type { Connection, ConnectionEvent } from '../connection.ts'
import { AlreadySubscribed, ConnectionLost } from '../errors.ts'
import { Intake } from '../internal/bridges/intake.ts'
import { live } from '../internal/connection/live.ts'
import type { Poured } from '../internal/bridges/pourer.ts'
import { Pourer } from '../internal/bridges/pourer.ts'
import { wholeOption } from '../internal/connection/settings.ts'

/** Options of {@link toDuplex}. */
export interface ToDuplexOptions {
  /** Whether our side stays open when the peer has ended. Default true; a socket of Node's has false. */
  readonly allowHalfOpen?: boolean
  /** So many bytes are kept for each direction besides what the connection keeps. Default 65,536. */
  readonly highWaterMark?: number
}

/**
 * A connection as a Node `Duplex`: for every library that wants a socket. Loses nothing.
 *
 * ```
 *  peer ──▶ data$ ──push──▶ readable side    full: the gate is held, the socket is not read
 *  peer ◀── write ◀──────── writable side    waits for room, whatever `whenFull` says
 * ```
 *
 * | here | there |
 * |---|---|
 * | the peer's FIN | `end` |
 * | `end()` | flush, then our FIN; `finish` when both are with the kernel |
 * | `destroy()` | `abort` |
 * | the connection breaks | destroyed with `ConnectionLost` |
 * | `close` | the connection is closed |
 *
 * Nothing is read before somebody reads from the stream (R1), and `data$` is its own from then on.
 *
 * Errors: `ConnectionLost` (as its `reason`) · `NotWritable` (local: our side had ended before) ·
 * `AlreadySubscribed` (local: somebody else reads; the connection goes on). Throws `WrongOption` for an
 * option that cannot work.
 *
 * ```ts
 * import { connect, toDuplex } from '@sluice/net'
 * import { createServer, request } from 'node:http'
 * import { mergeMap } from 'rxjs'
 *
 * const server = createServer((_, response) => response.end('hello')).listen(7000, '127.0.0.1')
 * connect({ port: 7000, host: '127.0.0.1' })
 *   .pipe(
 *     mergeMap((connection) => {
 *       const createConnection = () => toDuplex(connection)
 *       request({ createConnection }, (response) => {
 *         response.on('data', (bytes: Buffer) => console.log(bytes.toString())) // hello
 *         response.on('end', () => server.close())
 *       }).end()
 *       return connection.events$
 *     }),
 *   )
 *   .subscribe()
 * ```
 */
export const toDuplex = (connection: Connection, options: ToDuplexOptions = {}): Duplex =>
  new ConnectionDuplex(
    connection,
    options.allowHalfOpen ?? true,
    wholeOption('toDuplex()', 'highWaterMark', options.highWaterMark, 64 * 1024),
  )

class ConnectionDuplex extends Duplex {
  readonly #connection: Connection
  readonly #intake: Intake<Uint8Array>
  readonly #pourer: Pourer
  #localEnded = false
  #closed = false
  #whenFlushed: () => void = () => undefined
  #whenClosed: () => void = () => undefined

  constructor(connection: Connection, allowHalfOpen: boolean, highWaterMark: number) {
    super({ allowHalfOpen, highWaterMark })
    this.#connection = connection
    this.#pourer = new Pourer(live('toDuplex()', connection))
    this.#intake = new Intake(connection.data$, {
      next: (bytes) => {
        if (this.push(bytes)) this.#intake.demand()
      },
      error: (error) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      complete: () => this.push(null),
    })
    connection.events$.subscribe((event) => {
      this.#on(event)
    })
  }

  override _read(): void {
    this.#intake.demand()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Poured): void {
    // not at once: what is written meanwhile comes as one batch
    this.#pourer.pour([chunk], (error) => {
      queueMicrotask(() => {
        done(error)
      })
    })
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Poured): void {
    this.#pourer.pour(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  override _final(done: Poured): void {
    this.#connection.end()
    if (this.#localEnded) done()
    else this.#whenFlushed = done
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#intake.unsubscribe()
    const theirs = error instanceof AlreadySubscribed
    if (this.#closed || theirs) {
      done(error)
      return
    }
    this.#whenClosed = () => {
      done(error)
    }
    // both sides have ended: it closes by itself
    if (!this.readableEnded || !this.writableFinished) this.#connection.abort(error ?? undefined)
  }

  #on(event: ConnectionEvent): void {
    if (event._tag === 'Drained') this.#pourer.drained()
    else if (event._tag === 'LocalEnded') {
      this.#localEnded = true
      this.#whenFlushed()
    } else if (event._tag === 'Closed') {
      this.#closed = true
      this.#whenClosed()
      const { cause } = event
      const over = this.#connection.localEnded && this.#connection.remoteEnded
      if (!over) this.destroy(new ConnectionLost(cause))
    }
  }
}
