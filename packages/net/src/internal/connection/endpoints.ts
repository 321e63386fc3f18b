import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Endpoint } from '../../connection.ts'

/** This end of a stream, as far as it is known. */
export const localOf = (duplex: Duplex): Endpoint | undefined => {
  if (!(duplex instanceof Socket)) return { family: 'other', address: duplex.constructor.name }
  return endpoint(duplex.localAddress, duplex.localPort)
}

/** The other end. */
export const remoteOf = (duplex: Duplex): Endpoint | undefined => {
  if (!(duplex instanceof Socket)) return { family: 'other', address: duplex.constructor.name }
  return endpoint(duplex.remoteAddress, duplex.remotePort)
}

export const endpoint = (address: string | undefined, port: number | undefined): Endpoint | undefined =>
  address === undefined ? undefined : { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port }
