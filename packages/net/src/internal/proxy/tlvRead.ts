import { isAscii, isUtf8 } from 'node:buffer'
import * as E from 'fp-ts/lib/Either.js'
import type { ProxySslTlv, ProxyTlv } from '../../proxyTlv.ts'
import { headerChecksum } from './crc32c.ts'
import { MOST_ID_BYTES, SSL_CLIENT, SSL_TEXTS, SSL_TYPE, TYPE } from './types.ts'

/** What is wrong with a header, as the rest of "the stream has …", and where in it. */
export interface Problem {
  readonly what: string
  readonly at: number
}

/** One TLV of a header, its value from `at` on. */
interface Raw {
  readonly type: number
  readonly at: number
  readonly value: Uint8Array
}

/** The TLVs of a whole header, from `from` to its end. Values are copies: a header is kept, its chunk is not. */
export const readTlvs = (header: Uint8Array, from: number): E.Either<Problem, readonly ProxyTlv[]> => {
  const raws = split(header, from, header.length)
  if (E.isLeft(raws)) return raws
  if (raws.right.filter(({ type }) => type === TYPE.Crc32c).length > 1) {
    return E.left({ what: 'a PROXY header with two checksums', at: header.length - 1 })
  }
  return all(raws.right, (raw) => readTlv(raw, header))
}

const split = (bytes: Uint8Array, from: number, to: number): E.Either<Problem, readonly Raw[]> => {
  const raws: Raw[] = []
  for (let at = from; at < to;) {
    const length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const end = at + 3 + length
    if (end > to) return E.left({ what: 'a TLV of a PROXY header that ends behind what holds it', at })
    raws.push({ type: bytes[at] ?? 0, at: at + 3, value: bytes.subarray(at + 3, end) })
    at = end
  }
  return E.right(raws)
}

const all = <A>(raws: readonly Raw[], read: (raw: Raw) => E.Either<Problem, A>): E.Either<Problem, readonly A[]> => {
  const values: A[] = []
  for (const raw of raws) {
    const value = read(raw)
    if (E.isLeft(value)) return value
    values.push(value.right)
  }
  return E.right(values)
}

const readTlv = (raw: Raw, header: Uint8Array): E.Either<Problem, ProxyTlv> => {
  const { type, value } = raw
  switch (type) {
    case TYPE.Alpn:
      return E.right({ _tag: 'Alpn', protocol: latin1(value) })
    case TYPE.Authority:
      return isUtf8(value) ? E.right({ _tag: 'Authority', host: utf8(value) }) : noText(raw, 'UTF-8')
    case TYPE.Crc32c:
      return readChecksum(raw, header)
    case TYPE.Noop:
      return E.right({ _tag: 'Noop', bytes: value.length })
    case TYPE.UniqueId:
      return value.length > MOST_ID_BYTES
        ? E.left({ what: `a unique id of over ${String(MOST_ID_BYTES)} bytes in a PROXY header`, at: raw.at })
        : E.right({ _tag: 'UniqueId', id: value.slice() })
    case TYPE.Ssl:
      return readSsl(raw, header)
    case TYPE.Netns:
      return isAscii(value) ? E.right({ _tag: 'Netns', name: latin1(value) }) : noText(raw, 'ASCII')
    default:
      return E.right({ _tag: 'Unknown', type, value: value.slice() })
  }
}

const readChecksum = ({ at, value }: Raw, header: Uint8Array): E.Either<Problem, ProxyTlv> => {
  if (value.length !== 4) return E.left({ what: 'a checksum of a PROXY header that is not four bytes', at })
  const checksum = uint32(value, 0)
  return checksum === headerChecksum(header, at)
    ? E.right({ _tag: 'Crc32c', checksum })
    : E.left({ what: 'a PROXY header whose checksum is another', at })
}

const readSsl = ({ at, value }: Raw, header: Uint8Array): E.Either<Problem, ProxyTlv> => {
  if (value.length < 5) return E.left({ what: 'a TLS part of a PROXY header of under five bytes', at })
  const raws = split(header, at + 5, at + value.length)
  const tlvs = E.isLeft(raws) ? raws : all(raws.right, readSslTlv)
  if (E.isLeft(tlvs)) return tlvs
  const client = value[0] ?? 0
  return E.right({
    _tag: 'Ssl',
    tls: (client & SSL_CLIENT.tls) !== 0,
    certificateNow: (client & SSL_CLIENT.certificateNow) !== 0,
    certificateInSession: (client & SSL_CLIENT.certificateInSession) !== 0,
    verify: uint32(value, 1),
    tlvs: tlvs.right,
  })
}

const readSslTlv = (raw: Raw): E.Either<Problem, ProxySslTlv> => {
  const { type, value } = raw
  if (type === SSL_TYPE.SslClientCertificate) return E.right({ _tag: 'SslClientCertificate', der: value.slice() })
  const tag = SSL_TEXTS.find((name) => SSL_TYPE[name] === type)
  if (tag === undefined) return E.right({ _tag: 'Unknown', type, value: value.slice() })
  if (tag === 'SslCommonName') return isUtf8(value) ? E.right({ _tag: tag, text: utf8(value) }) : noText(raw, 'UTF-8')
  return isAscii(value) ? E.right({ _tag: tag, text: latin1(value) }) : noText(raw, 'ASCII')
}

const noText = ({ at }: Raw, encoding: string): E.Either<Problem, never> =>
  E.left({ what: `a text of a PROXY header that is no ${encoding}`, at })

const latin1 = (bytes: Uint8Array): string => view(bytes).toString('latin1')
const utf8 = (bytes: Uint8Array): string => view(bytes).toString('utf8')
const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
const uint32 = (bytes: Uint8Array, at: number): number => view(bytes).readUInt32BE(at)
