import type { EncodeError } from '@sluice/protocol'
import { NotEncodable, TooLong } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { ProxyAnnouncement } from '../../proxyAnnouncement.ts'
import { headerChecksum } from './crc32c.ts'
import type { Ends } from './ends.ts'
import { endsOf } from './ends.ts'
import { writeLine } from './line.ts'
import { writeTlvs } from './tlvWrite.ts'
import { ADDRESS_BYTES, FIXED_BYTES, SIGNATURE } from './types.ts'

/** A header as bytes. */
export const writeHeader = (announcement: ProxyAnnouncement, limit: number): E.Either<EncodeError, Uint8Array> => {
  const written = announcement.version === 1 ? writeLine(announcement) : writeBinary(announcement)
  if (E.isLeft(written)) {
    return E.left(new NotEncodable({ what: written.left, protocol: 'proxyProtocol()', message: announcement }))
  }
  const bytes = written.right
  if (bytes.length <= limit) return E.right(bytes)
  return E.left(new TooLong({ limit, announced: bytes.length, bytes: bytes.slice(0, 64), offset: 0, fault: 'local' }))
}

/** `Left` says what is wrong with it. */
const writeBinary = (announcement: ProxyAnnouncement): E.Either<string, Uint8Array> => {
  const { command = 'proxy', transport, tlvs = [] } = announcement
  const ends = endsOf(announcement)
  if (E.isLeft(ends)) return ends
  if (ends.right === null || command === 'local') {
    // a reader looks at nothing but the command
    const more = ends.right !== null || tlvs.length !== 0 || (transport ?? 'unknown') !== 'unknown'
    if (more) return E.left('more than the command, in a header without endpoints')
    return E.right(fixed(command, 0, 0))
  }
  if (transport === 'unknown') return E.left('endpoints of an unknown transport')
  const family = FAMILIES.indexOf(ends.right.family)
  const rest = writeTlvs(tlvs)
  if (E.isLeft(rest)) return rest
  const addresses = endBytes(ends.right, family)
  const length = addresses.length + rest.right.bytes.length
  if (length > 0xffff) return E.left('a header of over 65,551 bytes')
  const kind = (family << 4) | (transport === 'datagram' ? 2 : 1)
  const header = Buffer.concat([fixed(command, kind, length), addresses, rest.right.bytes])
  if (rest.right.checksumAt !== undefined) {
    const at = FIXED_BYTES + addresses.length + rest.right.checksumAt
    header.writeUInt32BE(headerChecksum(header, at), at)
  }
  return E.right(header)
}

const FAMILIES: readonly string[] = ['', 'IPv4', 'IPv6', 'unix']

const fixed = (command: 'proxy' | 'local', kind: number, length: number): Uint8Array =>
  Uint8Array.of(...SIGNATURE, command === 'proxy' ? 0x21 : 0x20, kind, length >> 8, length & 0xff)

const endBytes = ({ source, destination }: Ends, family: number): Uint8Array => {
  const size = ADDRESS_BYTES[family] ?? 0
  const bytes = Buffer.alloc(2 * size + 4)
  bytes.set(source.address, 0)
  bytes.set(destination.address, size)
  if (FAMILIES[family] === 'unix') return bytes.subarray(0, 2 * size)
  bytes.writeUInt16BE(source.port, 2 * size)
  bytes.writeUInt16BE(destination.port, 2 * size + 2)
  return bytes
}
