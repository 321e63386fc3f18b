import { SocketAddress } from 'node:net'
import { isIP } from '../../addresses.ts'

/** The bytes of an address, 4 or 16; `null` where it is none, or has a zone, which means nothing elsewhere. */
export const ipBytes = (address: string): Uint8Array | null => {
  const family = address.includes('%') ? 0 : isIP(address)
  if (family === 0) return null
  return family === 4 ? Uint8Array.from(address.split('.'), Number) : wideBytes(address)
}

/** Bytes as the address Node would write. */
export const ipText = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return bytes.join('.')
  const groups: string[] = []
  for (let i = 0; i < bytes.length; i += 2) {
    groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16))
  }
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address
}

/** The 16 bytes of a valid IPv6 address, `::` and a dotted end included. */
const wideBytes = (address: string): Uint8Array => {
  const [left = '', right] = withoutDots(address).split('::')
  const head = groupsOf(left)
  const tail = right === undefined ? [] : groupsOf(right)
  const bytes = new Uint8Array(16)
  const put = (groups: readonly number[], from: number): void => {
    groups.forEach((group, i) => {
      bytes.set([group >> 8, group & 0xff], from + 2 * i)
    })
  }
  put(head, 0)
  put(tail, 16 - 2 * tail.length)
  return bytes
}

const groupsOf = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)))

/** `::ffff:10.0.0.1` as `::ffff:a00:1`. */
const withoutDots = (address: string): string =>
  address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (...parts: string[]) => {
    const [, a, b, c, d] = parts.map(Number)
    const group = (high = 0, low = 0): string => ((high << 8) | low).toString(16)
    return `${group(a, b)}:${group(c, d)}`
  })
