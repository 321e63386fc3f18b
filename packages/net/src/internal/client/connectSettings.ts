import { isIP } from 'node:net'
import type { TcpSocketConnectOpts } from 'node:net'
import { Duplex } from 'node:stream'
import { WrongOption } from '@sluice/protocol'
import type { ConnectOptions } from '../../connectOptions.ts'
import type { Network } from '../../network.ts'
import { checkTarget, showTarget } from '../transport/address.ts'
import type { Dial } from './dial.ts'
import { dialDescriptor, dialHandle, dialNetwork, dialTarget } from './dial.ts'
import type { Handshake } from '../tls/handshake.ts'
import { handshakeWithin } from '../tls/handshake.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { connectionSettings, keepAliveOption, timeOption } from '../connection/settings.ts'
import { clientHandshake } from '../tls/client.ts'
import { onNetwork } from '../onNetwork.ts'

/** {@link ConnectOptions}, checked, with their defaults. */
export interface ConnectSettings {
  /** Where to, as a person writes it. */
  readonly target: string
  readonly host: string | undefined
  readonly path: string | undefined
  readonly dial: Dial
  readonly connectMs: number
  readonly handshake: Handshake | null
  readonly signal: AbortSignal | undefined
  readonly connection: ConnectionSettings
}

const WHERE = 'connect()'

export const connectSettings = (options: ConnectOptions): ConnectSettings => {
  const { dial, target, host } = dialOf(options)
  const connection = connectionSettings(WHERE, onNetwork(WHERE, options))
  const handshakeMs = timeOption(WHERE, 'handshakeMs', options.handshakeMs, 10_000)
  const tls = options.tls === true ? {} : options.tls
  if (tls !== undefined && typeof tls !== 'object') throw new WrongOption(WHERE, 'tls', tls, 'true, or options of TLS')
  return {
    dial,
    target,
    host,
    path: options.path,
    connectMs: timeOption(WHERE, 'connectMs', options.connectMs, 10_000),
    handshake:
      tls === undefined ? null : handshakeWithin(handshakeMs, connection.scheduler, clientHandshake(WHERE, tls, host)),
    signal: options.signal,
    connection,
  }
}

interface Target {
  readonly dial: Dial
  readonly target: string
  readonly host: string | undefined
}

/** What only makes sense where a port is connected to. */
const TCP_ONLY = ['localAddress', 'localPort', 'family', 'lookup', 'hints', 'autoSelectFamily'] as const

const dialOf = (options: ConnectOptions): Target => {
  const { fd, handle, path, port, host } = options
  const opened = fd !== undefined || handle !== undefined
  const keepAliveMs = keepAliveOption(WHERE, options.keepAliveMs)
  if (!opened) checkTarget(WHERE, options, 1)
  else if ([port, host, path].some((one) => one !== undefined) || (fd !== undefined && handle !== undefined)) {
    throw new WrongOption(WHERE, fd === undefined ? 'handle' : 'fd', fd ?? handle, 'one target alone')
  }
  if (port === undefined) {
    const odd = TCP_ONLY.find((name) => options[name] !== undefined)
    if (odd !== undefined) throw new WrongOption(WHERE, odd, options[odd], 'nothing, where there is no port')
  }
  if (opened && options.network !== undefined) {
    throw new WrongOption(WHERE, 'network', options.network, 'nothing, where the stream is given')
  }
  if (fd !== undefined) {
    if (!Number.isSafeInteger(fd) || fd < 0) throw new WrongOption(WHERE, 'fd', fd, 'the number of an open descriptor')
    return { dial: dialDescriptor(fd), target: `descriptor ${String(fd)}`, host: undefined }
  }
  if (handle !== undefined) {
    if (!(handle instanceof Duplex)) throw new WrongOption(WHERE, 'handle', handle, 'a stream of Node, a Duplex')
    return { dial: dialHandle(handle), target: `a stream (${handle.constructor.name})`, host: undefined }
  }
  const target = showTarget(options)
  if (options.network !== undefined) return networkTarget(options.network, options, keepAliveMs)
  if (path !== undefined) return { dial: dialTarget({ path }), target, host: undefined }
  const tcp = tcpOptions(options, keepAliveMs)
  return { dial: dialTarget(tcp), target, host: tcp.host }
}

/** What means nothing on a network that is not the machine's. */
const networkTarget = (network: Network, options: ConnectOptions, keepAliveMs: number): Target => {
  const { port, path } = options
  const odd = TCP_ONLY.find((name) => options[name] !== undefined)
  if (odd !== undefined) throw new WrongOption(WHERE, odd, options[odd], 'nothing, on a network of its own')
  const host = path === undefined ? (options.host ?? 'localhost') : undefined
  return { dial: dialNetwork(network, { host, port, path, keepAliveMs }), target: showTarget(options), host }
}

const tcpOptions = (options: ConnectOptions, keepAliveMs: number): TcpSocketConnectOpts & { readonly host: string } => {
  const { port = 0, host = 'localhost', localAddress, localPort, family = 0, lookup } = options
  if (host === '') throw new WrongOption(WHERE, 'host', host, 'a name or an address')
  if (localAddress !== undefined && isIP(localAddress) === 0) {
    throw new WrongOption(WHERE, 'localAddress', localAddress, 'an address of this machine')
  }
  if (lookup !== undefined && typeof lookup !== 'function') {
    throw new WrongOption(WHERE, 'lookup', lookup, 'a function like lookup of node:dns')
  }
  return {
    port,
    host,
    family: familyOption(family),
    noDelay: options.noDelay ?? true,
    autoSelectFamily: options.autoSelectFamily ?? true,
    autoSelectFamilyAttemptTimeout: within('autoSelectFamilyAttemptTimeoutMs', options, 250, 10, 2 ** 31 - 1),
    hints: within('hints', options, 0, 0, 2 ** 31 - 1),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(localPort === undefined ? {} : { localPort: within('localPort', options, 0, 0, 65_535) }),
    ...(lookup === undefined ? {} : { lookup }),
    ...(keepAliveMs === Infinity ? {} : { keepAlive: true, keepAliveInitialDelay: keepAliveMs }),
  }
}

const familyOption = (family: number): 0 | 4 | 6 => {
  if (family === 0 || family === 4 || family === 6) return family
  throw new WrongOption(WHERE, 'family', family, '4, 6, or 0 for both')
}

const within = (
  name: 'autoSelectFamilyAttemptTimeoutMs' | 'hints' | 'localPort',
  options: ConnectOptions,
  fallback: number,
  least: number,
  most: number,
): number => {
  const value = options[name] ?? fallback
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new WrongOption(WHERE, name, value, `a whole number from ${String(least)} to ${String(most)}`)
}
