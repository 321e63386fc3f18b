import { ipBytes } from '../proxy/ip.ts'

/** One of ours where an IPv6 socket took an IPv4 connection. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * What counts as one peer: an IPv4 address, or the network of so many bits that an IPv6 address is in.
 *
 * ```
 *  192.0.2.1            ::ffff:192.0.2.1       192.0.2.1
 *  2001:db8:1:2::9      2001:db8:1:2:a::1      20010db800010002/64
 * ```
 */
export const peerKey = (address: string, prefixBits: number): string => {
  if (!address.includes(':')) return address
  const [, mapped] = MAPPED.exec(address) ?? []
  if (mapped !== undefined) return mapped
  const bytes = ipBytes(address.replace(/%.*$/, ''))
  // no address at all: it stands for itself
  if (bytes === null) return address
  const network = Buffer.from(bytes.subarray(0, Math.ceil(prefixBits / 8)))
  const rest = prefixBits % 8
  const last = network.length - 1
  if (rest !== 0) network[last] = (network[last] ?? 0) & (0xff << (8 - rest))
  return `${network.toString('hex')}/${String(prefixBits)}`
}
