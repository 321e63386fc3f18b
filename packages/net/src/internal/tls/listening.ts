import type { SchedulerLike } from 'rxjs'
import type { TlsAcceptor } from '../../tlsAcceptor.ts'
import type { TlsListenOptions } from '../../tlsListenOptions.ts'
import type { Stage } from '../server/arrival.ts'
import { liveAcceptor } from './liveTlsAcceptor.ts'
import { timeOption } from '../connection/settings.ts'
import { sniffStage } from '../server/stages/sniffStage.ts'
import { tlsStage } from '../server/stages/tlsStage.ts'

/** What a listener with TLS needs. */
export interface TlsListening {
  readonly stage: Stage
  /** For other certificates while it listens. */
  readonly acceptor: TlsAcceptor
}

/** Checks the options, certificates included, and makes the stage of them. */
export const tlsListening = (
  where: string,
  tls: TlsListenOptions,
  handshakeMs: number,
  scheduler: SchedulerLike,
): TlsListening => {
  const acceptor = liveAcceptor(where, 'acceptor' in tls ? tls.acceptor : tls)
  const plainAfterMs = timeOption(where, 'plainAfterMs', tls.plainAfterMs, Infinity)
  const secure = tlsStage(acceptor, handshakeMs, scheduler)
  const stage = tls.sniff === true ? sniffStage(secure, { plainAfterMs, handshakeMs, scheduler }) : secure
  return { stage, acceptor }
}
