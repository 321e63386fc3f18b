import { isUtf8 } from 'node:buffer'
import type { StepResult } from '@sluice/protocol'
import { fail, frame, more, need } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Endpoint } from '../../endpoint.ts'
import type { ProxyHeader } from '../../proxyAnnouncement.ts'
import type { ProxyTlv } from '../../proxyTlv.ts'
import { ipText } from './ip.ts'
import type { Problem } from './tlvRead.ts'
import { readTlvs } from './tlvRead.ts'
import { ADDRESS_BYTES, FIXED_BYTES, SIGNATURE } from './types.ts'

const VERSION_AT = SIGNATURE.length
const FAMILY_AT = VERSION_AT + 1
const LENGTH_AT = FAMILY_AT + 1

/** Version 2: the bytes begin with the signature (section 2.2). */
export const readBinary = (bytes: Uint8Array): StepResult<ProxyHeader> => {
  const [version = 0, kind = 0, high = 0, low = 0] = bytes.subarray(VERSION_AT)
  if (bytes.length <= VERSION_AT) return more(0, 'PROXY header')
  if (version >> 4 !== 2) return fail(`version ${String(version >> 4)} of the PROXY protocol, and not 2`, VERSION_AT)
  const command = version & 0xf
  if (command > 1) return fail(`the unassigned PROXY command ${String(command)}`, VERSION_AT)
  if (bytes.length <= FAMILY_AT) return more(0, 'PROXY header')
  const proxied = command === 1
  const family = kind >> 4
  const transport = kind & 0xf
  if (proxied && family > 3) return fail(`the unassigned PROXY family ${String(family)}`, FAMILY_AT)
  if (proxied && transport > 2) return fail(`the unassigned PROXY transport ${String(transport)}`, FAMILY_AT)
  if (bytes.length < FIXED_BYTES) return more(0, 'PROXY header')
  const total = FIXED_BYTES + ((high << 8) | low)
  const told = proxied && transport !== 0 ? family : 0
  const rest = FIXED_BYTES + endsLength(told)
  if (total < rest) return fail('a PROXY header too short for its own endpoints', LENGTH_AT)
  if (bytes.length < total) return need(total, 'PROXY header')
  // everything behind the header is the client's, however it came
  const header = bytes.subarray(0, total)
  if (told === 0) return frame({ ...NOTHING, command: proxied ? 'proxy' : 'local' }, total)
  const ends = readEnds(header, told)
  if (E.isLeft(ends)) return fail(ends.left.what, ends.left.at)
  const tlvs = readTlvs(header, rest)
  if (E.isLeft(tlvs)) return fail(tlvs.left.what, tlvs.left.at)
  return frame(headerOf(transport, ends.right, tlvs.right), total)
}

const NOTHING = { version: 2, transport: 'unknown', source: undefined, destination: undefined, tlvs: [] } as const

const headerOf = (transport: number, ends: readonly [Endpoint, Endpoint], tlvs: readonly ProxyTlv[]): ProxyHeader => ({
  version: 2,
  command: 'proxy',
  transport: transport === 1 ? 'stream' : 'datagram',
  source: ends[0],
  destination: ends[1],
  tlvs,
})

const UNIX = 3

/** The bytes of both endpoints: two addresses, and two ports where the family has some. */
const endsLength = (family: number): number =>
  2 * (ADDRESS_BYTES[family] ?? 0) + (family === 0 || family === UNIX ? 0 : 4)

const readEnds = (header: Uint8Array, family: number): E.Either<Problem, readonly [Endpoint, Endpoint]> => {
  const size = ADDRESS_BYTES[family] ?? 0
  const second = FIXED_BYTES + size
  const addresses = [header.subarray(FIXED_BYTES, second), header.subarray(second, second + size)] as const
  if (family === UNIX) {
    const source = pathOf(addresses[0])
    const destination = pathOf(addresses[1])
    if (source === null) return E.left({ what: NO_PATH, at: FIXED_BYTES })
    return destination === null ? E.left({ what: NO_PATH, at: second }) : E.right([source, destination])
  }
  const ports = new DataView(header.buffer, header.byteOffset + FIXED_BYTES + 2 * size)
  const end = (address: Uint8Array, portAt: number): Endpoint => ({
    family: size === 4 ? 'IPv4' : 'IPv6',
    address: ipText(address),
    port: ports.getUint16(portAt),
  })
  return E.right([end(addresses[0], 0), end(addresses[1], 2)])
}

const NO_PATH = 'a path of a PROXY header that is no UTF-8'

/** Up to the first NUL; where it begins with one (a name, no file), without the last ones. Empty: no name at all. */
const pathOf = (field: Uint8Array): Endpoint | null => {
  const end = field[0] === 0 ? field.findLastIndex((byte) => byte !== 0) + 1 : field.indexOf(0)
  const path = field.subarray(0, end === -1 ? field.length : end)
  return isUtf8(path) ? { family: 'unix', address: Buffer.from(path).toString() } : null
}
