import * as E from 'fp-ts/lib/Either.js'
import type { ProxySsl, ProxySslTlv, ProxyTlv } from '../../proxyTlv.ts'
import { MOST_ID_BYTES, SSL_CLIENT, SSL_TYPE, TYPE } from './types.ts'

/** TLVs as bytes, and where among them the place of a checksum is. */
export interface WrittenTlvs {
  readonly bytes: Uint8Array
  readonly checksumAt: number | undefined
}

/** `Left` says what is wrong with them. */
export const writeTlvs = (tlvs: readonly ProxyTlv[]): E.Either<string, WrittenTlvs> => {
  const parts: Uint8Array[] = []
  let length = 0
  let checksumAt: number | undefined
  for (const tlv of tlvs) {
    const value = valueOf(tlv)
    if (E.isLeft(value)) return value
    const type = tlv._tag === 'Unknown' ? tlv.type : TYPE[tlv._tag]
    const part = typed(type, value.right)
    if (E.isLeft(part)) return part
    if (type === TYPE.Crc32c) {
      if (checksumAt !== undefined) return E.left('two checksums')
      checksumAt = length + 3
    }
    parts.push(part.right)
    length += part.right.length
  }
  return E.right({ bytes: Buffer.concat(parts), checksumAt })
}

const valueOf = (tlv: ProxyTlv): E.Either<string, Uint8Array> => {
  switch (tlv._tag) {
    case 'Alpn':
      return latin1(tlv.protocol, 0xff, 'a protocol of characters that are no bytes')
    case 'Authority':
      return utf8(tlv.host)
    case 'Crc32c':
      return E.right(new Uint8Array(4))
    case 'Noop':
      return isUint(tlv.bytes, 0xffff) ? E.right(new Uint8Array(tlv.bytes)) : E.left('padding of no length')
    case 'UniqueId':
      return tlv.id.length > MOST_ID_BYTES
        ? E.left(`a unique id of over ${String(MOST_ID_BYTES)} bytes`)
        : E.right(tlv.id)
    case 'Ssl':
      return sslValue(tlv)
    case 'Netns':
      return latin1(tlv.name, 0x7f, 'a namespace that is no ASCII')
    case 'Unknown':
      return unknown(tlv.type, tlv.value, Object.values(TYPE))
  }
}

const sslValue = (ssl: ProxySsl): E.Either<string, Uint8Array> => {
  if (!isUint(ssl.verify, 0xffff_ffff)) return E.left('a result of verification that is not 0 to 2^32 - 1')
  const head = Buffer.alloc(5)
  head[0] =
    (ssl.tls ? SSL_CLIENT.tls : 0) |
    (ssl.certificateNow ? SSL_CLIENT.certificateNow : 0) |
    (ssl.certificateInSession ? SSL_CLIENT.certificateInSession : 0)
  head.writeUInt32BE(ssl.verify, 1)
  const parts: Uint8Array[] = [head]
  for (const tlv of ssl.tlvs) {
    const value = sslTlvValue(tlv)
    if (E.isLeft(value)) return value
    const part = typed(tlv._tag === 'Unknown' ? tlv.type : SSL_TYPE[tlv._tag], value.right)
    if (E.isLeft(part)) return part
    parts.push(part.right)
  }
  return E.right(Buffer.concat(parts))
}

const sslTlvValue = (tlv: ProxySslTlv): E.Either<string, Uint8Array> => {
  if (tlv._tag === 'Unknown') return unknown(tlv.type, tlv.value, Object.values(SSL_TYPE))
  if (tlv._tag === 'SslClientCertificate') return E.right(tlv.der)
  if (tlv._tag === 'SslCommonName') return utf8(tlv.text)
  return latin1(tlv.text, 0x7f, `${tlv._tag} that is no ASCII`)
}

const unknown = (type: number, value: Uint8Array, known: readonly number[]): E.Either<string, Uint8Array> =>
  isUint(type, 0xff) && !known.includes(type) ? E.right(value) : E.left('an unknown type that is known, or is no byte')

const typed = (type: number, value: Uint8Array): E.Either<string, Uint8Array> =>
  value.length > 0xffff
    ? E.left('a value of over 65,535 bytes')
    : E.right(Buffer.concat([Uint8Array.of(type, value.length >> 8, value.length & 0xff), value]))

const latin1 = (text: string, most: number, wrong: string): E.Either<string, Uint8Array> => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > most) return E.left(wrong)
  return E.right(Buffer.from(text, 'latin1'))
}

const utf8 = (text: string): E.Either<string, Uint8Array> =>
  text.isWellFormed() ? E.right(Buffer.from(text)) : E.left('half a character')

export const isUint = (value: number | undefined, most: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0 && value <= most
