import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Endpoint, ProxyAnnouncement, ProxyProtocolOptions, ProxyTlv } from '../src/index.ts'
import { proxyHeader, proxyProtocol } from '../src/index.ts'
import { client, hex, readHeader, server, SIGNATURE, written } from './proxyProtocolCases.ts'

const ends = { source: client, destination: server }
const wide: Endpoint = { family: 'IPv6', address: '2001:db8::1', port: 1 }
const file: Endpoint = { family: 'unix', address: '/run/a' }

describe('proxyHeader', () => {
  it('is a line for version 1', () => {
    const text = (announcement: ProxyAnnouncement) => Buffer.from(written(announcement).bytes).toString()
    expect(text({ version: 1, ...ends })).toBe('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n')
    expect(text({ version: 1, source: wide, destination: { ...wide, port: 0 } })).toBe('PROXY TCP6 2001:db8::1 2001:db8::1 1 0\r\n') // prettier-ignore
    expect(text({ version: 1 })).toBe('PROXY UNKNOWN\r\n')
  })

  it('is binary, for TCP, unless said otherwise', () => {
    const bytes = (announcement: ProxyAnnouncement) => E.map((b: Uint8Array) => Buffer.from(b).toString('hex'))(proxyHeader(announcement)) // prettier-ignore
    expect(bytes(ends)).toEqual(E.right(`${SIGNATURE}2111000c${'c0000201c6336401dc0401bb'}`))
    expect(bytes({})).toEqual(E.right(`${SIGNATURE}21000000`))
    expect(bytes({ command: 'local' })).toEqual(E.right(`${SIGNATURE}20000000`))
    expect(bytes({ ...ends, transport: 'datagram' })).toEqual(
      E.right(`${SIGNATURE}2112000c${'c0000201c6336401dc0401bb'}`),
    )
  })

  it('computes its checksum, whatever is said of it, and wherever it stands', () => {
    const tlvs: readonly ProxyTlv[] = [{ _tag: 'Alpn', protocol: 'h2' }, { _tag: 'Crc32c', checksum: 7 }, { _tag: 'Noop', bytes: 3 }] // prettier-ignore
    const { bytes } = written({ ...ends, tlvs })
    expect(readHeader(bytes).header?.tlvs.map(({ _tag }) => _tag)).toEqual(['Alpn', 'Crc32c', 'Noop'])
  })

  // a header of aws/elastic-load-balancing-tools: see proxyProtocol.tlvs.test.ts
  it('has the checksum a load balancer gave the same header', () => {
    const { bytes } = written({
      source: { family: 'IPv4', address: '172.31.7.113', port: 51442 },
      destination: { family: 'IPv4', address: '172.31.10.31', port: 80 },
      tlvs: [
        { _tag: 'Crc32c' },
        { _tag: 'Unknown', type: 0xea, value: Buffer.from('\x01vpce-08d2bf15fac5001c9') },
        { _tag: 'Noop', bytes: 36 },
      ],
    })
    expect(Buffer.from(bytes).toString('hex')).toContain('030004e8d6892d')
  })

  it('takes an address in any form, and writes the one', () => {
    const { bytes } = written({ version: 1, source: { ...wide, address: '2001:DB8:0::01' }, destination: wide })
    expect(Buffer.from(bytes).toString()).toBe('PROXY TCP6 2001:db8::1 2001:db8::1 1 1\r\n')
  })

  const unknown = (type: number): ProxyTlv => ({ _tag: 'Unknown', type, value: hex('00') })
  const ssl = {
    _tag: 'Ssl',
    tls: true,
    certificateNow: false,
    certificateInSession: false,
    verify: 0,
    tlvs: [],
  } as const
  const half = '\ud800'
  const not: Readonly<Record<string, ProxyAnnouncement>> = {
    'one endpoint without the other': { source: client },
    'the other without the one': { version: 1, destination: server },
    'endpoints of two families': { source: client, destination: wide },
    'a stream that is no socket': { source: { family: 'other', address: 'PassThrough' }, destination: { family: 'other', address: 'x' } }, // prettier-ignore
    'an address of another family': {
      source: { ...client, family: 'IPv6' },
      destination: { ...server, family: 'IPv6' },
    },
    'a name': { source: { ...client, address: 'localhost' }, destination: server },
    'a zone': { source: { ...wide, address: 'fe80::1%eth0' }, destination: wide },
    'no port': { source: { family: 'IPv4', address: '192.0.2.1' }, destination: server },
    'a port over 65,535': { source: { ...client, port: 65536 }, destination: server },
    'half a port': { version: 1, source: { ...client, port: 0.5 }, destination: server },
    'a path over 108 bytes': { source: { ...file, address: `/${'x'.repeat(108)}` }, destination: file },
    'a path with a NUL': { source: file, destination: { ...file, address: '/run\0/a' } },
    'a name that ends with a NUL': { source: file, destination: { ...file, address: '\0a\0' } },
    'half a character of a path': { source: file, destination: { ...file, address: half } },
    'an unknown transport of endpoints': { ...ends, transport: 'unknown' },
    'a transport of no endpoints': { transport: 'stream' },
    'endpoints of a local command': { command: 'local', ...ends },
    'TLVs of a local command': { command: 'local', tlvs: [{ _tag: 'Noop', bytes: 0 }] },
    'TLVs without endpoints': { tlvs: [{ _tag: 'Noop', bytes: 0 }] },
    'a line with a local command': { version: 1, command: 'local' },
    'a line with TLVs': { version: 1, ...ends, tlvs: [{ _tag: 'Noop', bytes: 0 }] },
    'a line of Unix sockets': { version: 1, source: file, destination: file },
    'a line of UDP': { version: 1, ...ends, transport: 'datagram' },
    'a line of TCP without endpoints': { version: 1, transport: 'stream' },
    'a protocol of more than bytes': { ...ends, tlvs: [{ _tag: 'Alpn', protocol: '€' }] },
    'half a character of a host': { ...ends, tlvs: [{ _tag: 'Authority', host: half }] },
    'a namespace that is no ASCII': { ...ends, tlvs: [{ _tag: 'Netns', name: 'é' }] },
    'an id of 129 bytes': { ...ends, tlvs: [{ _tag: 'UniqueId', id: new Uint8Array(129) }] },
    'padding below nothing': { ...ends, tlvs: [{ _tag: 'Noop', bytes: -1 }] },
    'two checksums': { ...ends, tlvs: [{ _tag: 'Crc32c' }, { _tag: 'Crc32c' }] },
    'an unknown type that is known': { ...ends, tlvs: [unknown(0x20)] },
    'a type that is no byte': { ...ends, tlvs: [unknown(256)] },
    'a result of verification below 0': { ...ends, tlvs: [{ ...ssl, verify: -1 }] },
    'a cipher that is no ASCII': { ...ends, tlvs: [{ ...ssl, tlvs: [{ _tag: 'SslCipher', text: 'é' }] }] },
    'half a character of a common name': { ...ends, tlvs: [{ ...ssl, tlvs: [{ _tag: 'SslCommonName', text: half }] }] },
    'an unknown type of TLS that is known': { ...ends, tlvs: [{ ...ssl, tlvs: [{ _tag: 'Unknown', type: 0x21, value: hex('') }] }] }, // prettier-ignore
    'a value of over 65,535 bytes': { ...ends, tlvs: [{ _tag: 'Unknown', type: 0xe0, value: new Uint8Array(65536) }] },
    'more TLVs than a header can hold': { ...ends, tlvs: [{ _tag: 'Noop', bytes: 40_000 }, { _tag: 'Noop', bytes: 30_000 }] }, // prettier-ignore
  }
  it.each(Object.entries(not))('is NotEncodable for %s, and nothing is written [R8][R15]', (_name, announcement) => {
    const { error, bytes } = written(announcement, { maxHeaderBytes: 65551 })
    expect(error).toMatchObject({ _tag: 'NotEncodable', fault: 'local', protocol: 'proxyProtocol()', value: announcement }) // prettier-ignore
    expect(bytes).toHaveLength(0)
  })

  it('is TooLong over the limit of who reads it [R16]', () => {
    const tlvs: readonly ProxyTlv[] = [{ _tag: 'Noop', bytes: 4066 }]
    expect(proxyHeader({ ...ends, tlvs })).toMatchObject(E.left({ _tag: 'TooLong', limit: 4096, announced: 4097, fault: 'local' })) // prettier-ignore
    expect(proxyHeader({ ...ends, tlvs }, { maxHeaderBytes: 4097 })).toMatchObject({ _tag: 'Right' })
  })

  const wrong: Readonly<Record<string, ProxyProtocolOptions>> = {
    'no version': { versions: [] },
    'a limit under a line': { maxHeaderBytes: 106 },
    'a limit over what can be': { maxHeaderBytes: 65552 },
    'half a limit': { maxHeaderBytes: 107.5 },
    'no limit': { maxHeaderBytes: Infinity },
  }
  it.each(Object.entries(wrong))('throws WrongOption for %s [R16][R27]', (_name, options) => {
    expect(() => proxyProtocol(options)).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
  })
})
