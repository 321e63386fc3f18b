import { Socket } from 'node:net'
import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import { addressOption } from '../../../addresses.ts'
import type { Endpoint } from '../../../connection.ts'
import type { ProxyAcceptOptions } from '../../../proxyAccept.ts'
import { namedProxyProtocol } from '../../../proxyProtocol.ts'
import type { Arrival, Stage } from '../arrival.ts'
import { endpoint } from '../../transport/duplexTransport.ts'
import type { ReadingSettings } from '../../proxy/reading.ts'
import { ProxyReading, refused } from '../../proxy/reading.ts'
import { timeOption } from '../../connection/settings.ts'

/** {@link ProxyAcceptOptions}, checked, with their defaults. */
interface ProxySettings extends ReadingSettings {
  readonly trusts: (remote: Endpoint) => boolean
  readonly pass: boolean
}

/** Reads a PROXY header before anything else, from who is trusted; see {@link ProxyAcceptOptions}. */
export const proxyStage = (where: string, options: ProxyAcceptOptions, scheduler: SchedulerLike): Stage => {
  const settings = proxySettings(where, options, scheduler)
  return (arrival, done, failed) => {
    const remote = remoteOf(arrival)
    const trusted = remote !== undefined && settings.trusts(remote)
    if (trusted) {
      const reading = new ProxyReading(settings, arrival, remote, { done, failed })
      return () => {
        reading.stop()
      }
    }
    // who has no address has gone already; what it sent may begin with a header, and is for nobody
    if (remote !== undefined && settings.pass) done(arrival)
    else failed(refused(arrival.duplex, remote === undefined ? 'closed' : 'untrusted', remote))
    return () => undefined
  }
}

const proxySettings = (where: string, options: ProxyAcceptOptions, scheduler: SchedulerLike): ProxySettings => {
  const { trusted, untrusted = 'refuse', required = true, headerMs, versions = [1, 2] } = options
  const unix = Array.isArray(trusted) && trusted.includes('unix')
  const addresses = addressOption(where, 'trusted', unix ? trusted.filter((entry) => entry !== 'unix') : trusted)
  if (untrusted !== 'refuse' && untrusted !== 'pass') {
    throw new WrongOption(where, 'untrusted', untrusted, `'refuse' or 'pass'`)
  }
  return {
    trusts: ({ family, address }) => (family === 'unix' ? unix : addresses.has(address)),
    pass: untrusted === 'pass',
    required,
    headerMs: timeOption(where, 'headerMs', headerMs, 5_000),
    versions,
    protocol: namedProxyProtocol(where, options),
    scheduler,
  }
}

/** Without an address it is a Unix socket, which has none on either side, or a peer that has gone (FAULTS 0.12). */
const remoteOf = ({ duplex, remote }: Arrival): Endpoint | undefined => {
  if (remote !== undefined || !(duplex instanceof Socket)) return remote
  const unix = duplex.remoteAddress === undefined && duplex.localAddress === undefined
  return unix ? { family: 'unix', address: '' } : endpoint(duplex.remoteAddress, duplex.remotePort)
}
