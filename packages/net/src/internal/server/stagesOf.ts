import type { SchedulerLike } from 'rxjs'
import type { ListenOptions } from '../../listenOptions.ts'
import type { TlsAcceptor } from '../../tlsAcceptor.ts'
import type { Stage } from './arrival.ts'
import { timeOption } from '../connection/settings.ts'
import { proxyStage } from './stages/proxyStage.ts'
import { tlsListening } from '../tls/listening.ts'

/** What stands between an accepted socket and its connection, in order; and who can change the certificates. */
export interface Stages {
  readonly stages: readonly Stage[]
  readonly acceptor: TlsAcceptor | undefined
}

export const stagesOf = (where: string, options: ListenOptions, scheduler: SchedulerLike): Stages => {
  const { tls, proxyProtocol } = options
  const handshakeMs = timeOption(where, 'handshakeMs', options.handshakeMs, 10_000)
  const secure = tls === undefined ? undefined : tlsListening(where, tls, handshakeMs, scheduler)
  const stages: Stage[] = []
  if (proxyProtocol !== undefined) stages.push(proxyStage(where, proxyProtocol, scheduler))
  if (secure !== undefined) stages.push(secure.stage)
  return { stages, acceptor: secure?.acceptor }
}
