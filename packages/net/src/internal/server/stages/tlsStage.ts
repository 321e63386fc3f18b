import type { SchedulerLike } from 'rxjs'
import type { Stage } from '../arrival.ts'
import { handshakeWithin } from '../../tls/handshake.ts'
import type { LiveTlsAcceptor } from '../../tls/liveTlsAcceptor.ts'

/**
 * TLS before the connection. The peer has `handshakeMs` for all of it, however it drips (FAULTS F54).
 *
 * ```
 *  accepted ──▶ handshake ──▶ done: TLS over the socket
 *                  └────────▶ failed: TlsFailed, the socket destroyed
 * ```
 *
 * No milestone is added: a connection over a stream that is TLS tells `Secured` by itself.
 */
export const tlsStage = (acceptor: LiveTlsAcceptor, handshakeMs: number, scheduler: SchedulerLike): Stage => {
  const handshake = handshakeWithin(handshakeMs, scheduler, acceptor.handshake)
  return (arrival, done, failed) =>
    handshake(
      arrival.duplex,
      (secure) => {
        done({ ...arrival, duplex: secure })
      },
      failed,
    )
}
