import { byteQueue } from '@sluice/protocol'
import type { DecodeError } from '@sluice/protocol'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { Endpoint, ProxyAnnouncement, ProxyHeader, ProxyProtocolOptions, ProxyTlv } from '../src/index.ts'
import { proxyProtocol } from '../src/index.ts'
import { ipText } from '../src/internal/proxy/ip.ts'

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

export const SIGNATURE = '0d0a0d0a000d0a515549540a'

/** What a decoder says of those bytes, and how many of them it leaves to others. */
export interface Reading {
  readonly header: ProxyHeader | null
  readonly error: DecodeError | null
  readonly rest: string
}

/** The first header of the bytes. */
export const readHeader = (bytes: Uint8Array | string, options: ProxyProtocolOptions = {}): Reading => {
  const decoder = proxyProtocol(options).decoder()
  const found: { readonly header: ProxyHeader; readonly rest: string }[] = []
  const result = decoder.push(Buffer.from(bytes), (header) => {
    found.push({ header, rest: Buffer.from(decoder.unread()).toString() })
    return false
  })
  const [first] = found
  return { header: first?.header ?? null, rest: first?.rest ?? '', error: E.isLeft(result) ? result.left : null }
}

/** A header as bytes, or why there are none. */
export const written = (announcement: ProxyAnnouncement, options: ProxyProtocolOptions = {}) => {
  const out = byteQueue()
  const result = proxyProtocol(options).encode(announcement, out)
  return E.isLeft(result) ? { error: result.left, bytes: out.take() } : { error: null, bytes: out.take() }
}

export const client: Endpoint = { family: 'IPv4', address: '192.0.2.1', port: 56324 }
export const server: Endpoint = { family: 'IPv4', address: '198.51.100.1', port: 443 }

const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true })

const port = fc.oneof(fc.constantFrom(0, 1, 9, 10, 65535), fc.nat({ max: 65535 }))
const address = (size: 4 | 16) =>
  fc
    .oneof(
      fc.uint8Array({ minLength: size, maxLength: size }),
      fc.array(fc.constantFrom(0, 0, 0xff, 1), { minLength: size, maxLength: size }).map((all) => Uint8Array.from(all)),
    )
    .map(ipText)
const ip = (family: 'IPv4' | 'IPv6'): fc.Arbitrary<Endpoint> =>
  record({ family: fc.constant(family), address: address(family === 'IPv4' ? 4 : 16), port })
const path = fc
  .oneof(
    fc.constantFrom('', '/run/a.sock', '\0abstract', '\0a\0b', `/${'x'.repeat(107)}`, `/${'é'.repeat(53)}`),
    fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => text.isWellFormed() && !text.includes('\0')),
  )
  .map((text): Endpoint => ({ family: 'unix', address: text }))

const bytes = fc.uint8Array({ maxLength: 12 })
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 12 })
const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((one) => one.isWellFormed())
const others = (known: readonly number[]) => fc.nat({ max: 255 }).filter((type) => !known.includes(type))

const sslText = fc
  .constantFrom('SslVersion', 'SslCipher', 'SslSignatureAlgorithm', 'SslKeyAlgorithm', 'SslGroup', 'SslSignatureScheme')
  .chain((_tag) => record({ _tag: fc.constant(_tag), text: ascii }))
const sslTlv = fc.oneof(
  sslText,
  record({ _tag: fc.constant('SslCommonName' as const), text }),
  record({ _tag: fc.constant('SslClientCertificate' as const), der: bytes }),
  record({ _tag: fc.constant('Unknown' as const), type: others([33, 34, 35, 36, 37, 38, 39, 40]), value: bytes }),
)

/** Any TLV but a checksum. */
const tlv: fc.Arbitrary<ProxyTlv> = fc.oneof(
  record({ _tag: fc.constant('Alpn' as const), protocol: bytes.map((all) => Buffer.from(all).toString('latin1')) }),
  record({ _tag: fc.constant('Authority' as const), host: text }),
  record({ _tag: fc.constant('Noop' as const), bytes: fc.nat({ max: 20 }) }),
  record({ _tag: fc.constant('UniqueId' as const), id: fc.uint8Array({ maxLength: 128 }) }),
  record({
    _tag: fc.constant('Ssl' as const),
    tls: fc.boolean(),
    certificateNow: fc.boolean(),
    certificateInSession: fc.boolean(),
    verify: fc.nat({ max: 0xffff_ffff }),
    tlvs: fc.array(sslTlv, { maxLength: 4 }),
  }),
  record({ _tag: fc.constant('Netns' as const), name: ascii }),
  record({ _tag: fc.constant('Unknown' as const), type: others([1, 2, 3, 4, 5, 32, 48]), value: bytes }),
)
const checksum: ProxyTlv = { _tag: 'Crc32c' }
const tlvs = fc
  .tuple(fc.array(tlv, { maxLength: 4 }), fc.option(fc.nat({ max: 4 })))
  .map(([all, at]) => (at === null ? all : [...all.slice(0, at), checksum, ...all.slice(at)]))

const ends = fc.constantFrom(ip('IPv4'), ip('IPv6'), path).chain((end) => fc.tuple(end, end))
const lineEnds = fc.constantFrom(ip('IPv4'), ip('IPv6')).chain((end) => fc.tuple(end, end))

/** Headers that may be written, of both versions. */
export const announcement: fc.Arbitrary<ProxyAnnouncement> = fc.oneof(
  { weight: 3, arbitrary: lineEnds.map(([source, destination]) => ({ version: 1 as const, source, destination })) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(ends, tlvs, fc.constantFrom('stream' as const, 'datagram' as const))
      .map(([[source, destination], all, transport]) => ({ source, destination, tlvs: all, transport })),
  },
  fc.constantFrom<ProxyAnnouncement>({ version: 1 }, { version: 2 }, { command: 'local' }),
)

/** What is read of a header that was written; a checksum is whatever was computed. */
export const readBack = ({ version = 2, command = 'proxy', transport, source, destination, tlvs: all = [] }: ProxyAnnouncement): ProxyHeader => ({
  version,
  command,
  transport: transport ?? (source === undefined ? 'unknown' : 'stream'),
  source,
  destination,
  tlvs: all,
}) // prettier-ignore

/** Without the number that a checksum came to. */
export const forgetChecksum = (header: ProxyHeader): ProxyHeader => ({
  ...header,
  tlvs: header.tlvs.map((one) => (one._tag === 'Crc32c' ? { _tag: 'Crc32c' } : one)),
})
