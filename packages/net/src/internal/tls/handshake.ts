import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { SchedulerLike } from 'rxjs'
import { TlsFailed } from '../../errors.ts'
import { deadline } from '../time/deadline.ts'

/**
 * A TLS handshake over a stream, in either role. Calls `done` or `failed` once, maybe at once; until then
 * the answer breaks it off. One that failed, or was broken off, has destroyed the stream.
 */
export type Handshake = (
  duplex: Duplex,
  done: (secure: TLSSocket) => void,
  failed: (error: TlsFailed) => void,
) => () => void

/** A handshake that fails when it is not done in time (Node's own limit leaves the socket open, FAULTS 0.11). */
export const handshakeWithin =
  (afterMs: number, scheduler: SchedulerLike, handshake: Handshake): Handshake =>
  (duplex, done, failed) => {
    let breakOff = (): void => undefined
    const waiting = deadline(scheduler, afterMs, () => {
      breakOff()
      failed(timedOut(afterMs))
    })
    breakOff = handshake(
      duplex,
      (secure) => {
        waiting.unsubscribe()
        done(secure)
      },
      (error) => {
        waiting.unsubscribe()
        failed(error)
      },
    )
    return () => {
      waiting.unsubscribe()
      breakOff()
    }
  }

export const timedOut = (afterMs: number): TlsFailed =>
  new TlsFailed('timeout', 'TIMEOUT', `the handshake was not done within ${String(afterMs)} ms`)

export const peerClosed = (cause?: unknown): TlsFailed =>
  new TlsFailed('closed', 'ECONNRESET', 'the peer closed the connection before the handshake was done', { cause })
