import { describe, expect, it } from 'vitest'
import { crc32c } from '../src/internal/proxy/crc32c.ts'
import { hex, readHeader, SIGNATURE } from './proxyProtocolCases.ts'

/** A header of version 2 over IPv4 with those TLVs. */
const withTlvs = (tlvs: string): Buffer => {
  const body = hex(`7f000001 7f000001 002a 0539 ${tlvs}`)
  return Buffer.concat([hex(`${SIGNATURE} 21 11`), Buffer.from([body.length >> 8, body.length & 255]), body])
}

const tlv = (type: string, value: string | Buffer): string => {
  const bytes = Buffer.from(value)
  return `${type}${bytes.length.toString(16).padStart(4, '0')}${bytes.toString('hex')}`
}

const tlvsOf = (tlvs: string) => readHeader(withTlvs(tlvs)).header?.tlvs

describe('a TLV', () => {
  const known: Readonly<Record<string, readonly [string, object]>> = {
    Alpn: [tlv('01', 'h2'), { _tag: 'Alpn', protocol: 'h2' }],
    'Alpn of any bytes': [tlv('01', hex('00ff')), { _tag: 'Alpn', protocol: '\0\xff' }],
    Authority: [tlv('02', 'bücher.example'), { _tag: 'Authority', host: 'bücher.example' }],
    Noop: [tlv('04', hex('dead')), { _tag: 'Noop', bytes: 2 }],
    UniqueId: [tlv('05', hex('00'.repeat(128))), { _tag: 'UniqueId', id: new Uint8Array(128) }],
    Netns: [tlv('30', 'blue'), { _tag: 'Netns', name: 'blue' }],
    'Unknown of a type that is free': [tlv('06', 'x'), { _tag: 'Unknown', type: 6, value: Uint8Array.of(0x78) }],
    'Unknown of an application': [
      tlv('ea', hex('0176')),
      { _tag: 'Unknown', type: 0xea, value: Uint8Array.of(1, 0x76) },
    ],
    'Unknown without a value': [tlv('ff', ''), { _tag: 'Unknown', type: 0xff, value: new Uint8Array(0) }],
  }
  it.each(Object.entries(known))('is %s', (_name, [bytes, said]) => {
    expect(tlvsOf(bytes)).toEqual([said])
  })

  it('keeps its place among the others, also where there are two of a kind', () => {
    const tags = tlvsOf([tlv('02', 'a'), tlv('04', ''), tlv('02', 'b'), tlv('01', 'h2')].join(''))
    expect(tags).toMatchObject([{ host: 'a' }, { _tag: 'Noop' }, { host: 'b' }, { _tag: 'Alpn' }])
  })

  const ssl = (part: string): string => tlv('20', hex(`0100000000 ${part}`))
  const bytes: Readonly<Record<string, string>> = {
    'a unique id': tlv('05', 'id'),
    'an unknown one': tlv('06', 'id'),
    'a client certificate': ssl(tlv('28', 'id')),
    'an unknown one of TLS': ssl(tlv('29', 'id')),
  }
  it.each(Object.entries(bytes))('is a copy, so that who keeps the header keeps no chunk: %s [R20]', (_name, one) => {
    const chunk = Buffer.alloc(64 * 1024)
    withTlvs(one).copy(chunk)
    const found: number[] = []
    JSON.stringify(readHeader(chunk).header, (_key, value: unknown) => {
      if (value instanceof Uint8Array) found.push(value.buffer.byteLength)
      return value
    })
    expect(found).toEqual([2])
  })

  const wrong: Readonly<Record<string, readonly [string, number]>> = {
    'one byte of it': ['02', 28],
    'two bytes of it': ['0200', 28],
    'a length without a value': ['020001', 28],
    'a value that ends behind the header': ['02000a3132333435', 28],
    'bytes that follow it': [`${tlv('02', '1234')}31`, 35],
    'an id of 129 bytes': [tlv('05', hex('00'.repeat(129))), 31],
    'a host that is no UTF-8': [tlv('02', hex('c328')), 31],
    'a namespace that is no ASCII': [tlv('30', 'blå'), 31],
    'a checksum of three bytes': [tlv('03', hex('000000')), 31],
    'a checksum that is another': [tlv('03', hex('00000000')), 31],
    'TLS in four bytes': [tlv('20', hex('01000000')), 31],
    'a part of TLS cut short': [tlv('20', hex('0100000000 210007')), 36],
    'a part of TLS that ends behind it': [tlv('20', hex('0100000000 210008 544c5376312e33')), 36],
    'a TLS version that is no ASCII': [tlv('20', hex('0100000000 210001 ff')), 39],
    'a common name that is no UTF-8': [tlv('20', hex('0100000000 220001 ff')), 39],
  }
  it.each(Object.entries(wrong))('is Malformed for %s [R19]', (_name, [bytes, at]) => {
    expect(readHeader(withTlvs(bytes))).toMatchObject({
      header: null,
      error: { _tag: 'Malformed', at, fault: 'remote' },
    })
  })
})

describe('the TLV of TLS', () => {
  it('says what the client spoke, and what it showed', () => {
    const parts = [
      tlv('21', 'TLSv1.3'),
      tlv('22', 'Zoë'),
      tlv('23', 'TLS_AES_128_GCM_SHA256'),
      tlv('24', 'RSA-SHA256'),
      tlv('25', 'RSA2048'),
      tlv('26', 'X25519'),
      tlv('27', 'rsa_pss_rsae_sha256'),
      tlv('28', hex('3003')),
      tlv('29', hex('00')),
    ]
    const ssl = tlvsOf(tlv('20', hex(`05 00000002 ${parts.join('')}`)))
    expect(ssl).toMatchObject([
      { _tag: 'Ssl', tls: true, certificateNow: false, certificateInSession: true, verify: 2 },
    ])
    expect(ssl).toMatchObject([
      {
        tlvs: [
          { _tag: 'SslVersion', text: 'TLSv1.3' },
          { _tag: 'SslCommonName', text: 'Zoë' },
          { _tag: 'SslCipher', text: 'TLS_AES_128_GCM_SHA256' },
          { _tag: 'SslSignatureAlgorithm', text: 'RSA-SHA256' },
          { _tag: 'SslKeyAlgorithm', text: 'RSA2048' },
          { _tag: 'SslGroup', text: 'X25519' },
          { _tag: 'SslSignatureScheme', text: 'rsa_pss_rsae_sha256' },
          { _tag: 'SslClientCertificate' },
          { _tag: 'Unknown', type: 0x29 },
        ],
      },
    ])
  })

  // a header HAProxy has written, from the tests of go-proxyproto ("SSL haproxy cn")
  it('is read as HAProxy writes it', () => {
    const bytes = hex(`${SIGNATURE} 21 11 0040 7f000001 7f000001 cc8a 232e 20 0031 07 00000000
      21 0007 544c5376312e33
      22 001f 4578616d706c6520436f6d6d6f6e204e616d6520436c69656e742043657274`)
    const { header, error } = readHeader(bytes)
    expect(error).toBeNull()
    expect(header?.source).toEqual({ family: 'IPv4', address: '127.0.0.1', port: 52362 })
    expect(header?.tlvs).toEqual([
      {
        _tag: 'Ssl',
        tls: true,
        certificateNow: true,
        certificateInSession: true,
        verify: 0,
        tlvs: [
          { _tag: 'SslVersion', text: 'TLSv1.3' },
          { _tag: 'SslCommonName', text: 'Example Common Name Client Cert' },
        ],
      },
    ])
  })
})

describe('the checksum', () => {
  // RFC 3720, appendix B.4, whose bytes stand in the order of the wire, lowest first; and the check value of CRC-32C
  it('is CRC32c', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e)
    expect(crc32c(Buffer.from('1234'), Buffer.alloc(0), Buffer.from('56789'))).toBe(0xe3069283)
  })

  // a header a network load balancer has written, from the tests of aws/elastic-load-balancing-tools
  const balancer = hex(`${SIGNATURE} 21 11 0054 ac1f0771 ac1f0a1f c8f2 0050
    03 0004 e8d6892d
    ea 0017 01 767063652d3038643262663135666163353030316339
    04 0024 ${'00'.repeat(36)}`)

  it('is verified, as a load balancer writes it', () => {
    const { header, error } = readHeader(balancer)
    expect(error).toBeNull()
    expect(header).toMatchObject({
      source: { address: '172.31.7.113', port: 51442 },
      destination: { address: '172.31.10.31', port: 80 },
      tlvs: [
        { _tag: 'Crc32c', checksum: 0xe8d6892d },
        { _tag: 'Unknown', type: 0xea },
        { _tag: 'Noop', bytes: 36 },
      ],
    })
  })

  it('finds every flipped bit of that header', () => {
    for (let at = 0; at < balancer.length; at++) {
      // without the type of the checksum there is none
      if (at === 28) continue
      for (let bit = 0; bit < 8; bit++) {
        const wrong = Buffer.from(balancer.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte)))
        const { header } = readHeader(wrong)
        // a flipped command or family makes a header that says nothing of endpoints
        expect(header?.source, `byte ${String(at)}, bit ${String(bit)}`).toBeUndefined()
      }
    }
  })

  it('stands there once, or the header is Malformed', () => {
    expect(readHeader(withTlvs(`${tlv('03', hex('00000000'))}${tlv('03', hex('00000000'))}`)).error).toMatchObject({
      what: 'a PROXY header with two checksums',
    })
  })
})
