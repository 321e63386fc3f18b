import { WrongOption } from '@sluice/protocol'
import { addressOption } from '../../addresses.ts'
import type { ListenAddress, ListenOptions } from '../../listenOptions.ts'
import type { Network } from '../../network.ts'
import type { TlsAcceptor } from '../../tlsAcceptor.ts'
import type { Stage } from './arrival.ts'
import type { BindOptions } from './binding.ts'
import { descriptorLimit, spareOf } from './descriptorLimit.ts'
import { checkPlace } from './place.ts'
import type { ReceptionSettings } from './reception.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { connectionSettings, keepAliveOption, wholeOption } from '../connection/settings.ts'
import { stagesOf } from './stagesOf.ts'
import { onNetwork } from '../onNetwork.ts'

/** {@link ListenOptions}, checked, with their defaults. */
export interface ListenSettings {
  /** At least one. */
  readonly places: readonly ListenAddress[]
  readonly bind: BindOptions
  /** Where to listen, if not on the machine's. */
  readonly network: Network | undefined
  readonly reception: ReceptionSettings
  readonly maxBufferedBytes: number
  readonly connection: ConnectionSettings
  readonly acceptor: TlsAcceptor | undefined
  readonly signal: AbortSignal | undefined
}

const WHERE = 'listen()'
const MOST_CONNECTIONS = 16_384
const MOST_BUFFERED = 512 * 1024 * 1024

export const listenSettings = (options: ListenOptions): ListenSettings => {
  const connection = connectionSettings(WHERE, onNetwork(WHERE, options))
  const { stages, acceptor } = stagesOf(WHERE, options, connection.scheduler)
  return {
    places: placesOf(options),
    bind: bindOptions(options),
    network: options.network,
    reception: receptionSettings(options, stages),
    maxBufferedBytes: wholeOption(WHERE, 'maxBufferedBytes', options.maxBufferedBytes, MOST_BUFFERED),
    connection,
    acceptor,
    signal: options.signal,
  }
}

const placesOf = (options: ListenOptions): readonly ListenAddress[] => {
  const { addresses, port, host, path, fd, handle, mode, ipv6Only } = options
  if (addresses === undefined) {
    placeOption(options, options.network)
    return [options]
  }
  if ([port, host, path, fd, handle, mode, ipv6Only].some((given) => given !== undefined)) {
    throw new WrongOption(WHERE, 'addresses', addresses, 'without one address beside them')
  }
  if (addresses.length === 0) throw new WrongOption(WHERE, 'addresses', addresses, 'at least one')
  for (const place of addresses) placeOption(place, options.network)
  return addresses
}

const placeOption = (place: ListenAddress, network: Network | undefined): void => {
  checkPlace(WHERE, place)
  const { fd, handle } = place
  if (network === undefined || (fd === undefined && handle === undefined)) return
  throw new WrongOption(WHERE, 'network', network, 'nothing, where the socket is given')
}

const bindOptions = (options: ListenOptions): BindOptions => {
  const { reusePort = false, exclusive = false, noDelay = true } = options
  if (reusePort && !sharesPorts(process.versions.node)) {
    throw new WrongOption(WHERE, 'reusePort', reusePort, 'on Node 22.12, 23.1 or later: this one would not heed it')
  }
  return {
    backlog: wholeOption(WHERE, 'backlog', options.backlog, 4096),
    exclusive,
    reusePort,
    noDelay,
    keepAliveMs: keepAliveOption(WHERE, options.keepAliveMs),
  }
}

/** Whether a version of Node knows `reusePort`; others say nothing and bind without it. */
export const sharesPorts = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12)
}

const receptionSettings = (options: ListenOptions, stages: readonly Stage[]): ReceptionSettings => {
  const { atLimit = 'refuse', allow, deny } = options
  if (!AT_LIMIT.includes(atLimit)) throw new WrongOption(WHERE, 'atLimit', atLimit, `'refuse' or 'wait'`)
  const perPeer = options.maxConnectionsPerPeer
  return {
    maxConnections: wholeOption(WHERE, 'maxConnections', options.maxConnections, mostConnections(options)),
    // without it nobody has to be counted
    maxConnectionsPerPeer: perPeer === undefined ? Infinity : wholeOption(WHERE, 'maxConnectionsPerPeer', perPeer, 1),
    peerPrefixBits: prefixOption(options.peerPrefixBits),
    maxUnconsumed: wholeOption(WHERE, 'maxUnconsumed', options.maxUnconsumed, 128),
    maxHandshakes: wholeOption(WHERE, 'maxHandshakes', options.maxHandshakes, 1024),
    atLimit,
    goodbye: options.goodbye,
    allow: allow === undefined ? null : addressOption(WHERE, 'allow', allow),
    deny: deny === undefined ? null : addressOption(WHERE, 'deny', deny),
    stages,
    announced: options.proxyProtocol !== undefined,
    encrypted: options.tls !== undefined,
  }
}

const AT_LIMIT: readonly string[] = ['refuse', 'wait']

const mostConnections = ({ network }: ListenOptions): number => {
  // no descriptor is used there
  if (network !== undefined) return MOST_CONNECTIONS
  const limit = descriptorLimit()
  return Math.max(1, Math.min(MOST_CONNECTIONS, limit - spareOf(limit)))
}

const prefixOption = (bits = 64): number => {
  if (Number.isInteger(bits) && bits >= 1 && bits <= 128) return bits
  throw new WrongOption(WHERE, 'peerPrefixBits', bits, 'a whole number from 1 to 128')
}
