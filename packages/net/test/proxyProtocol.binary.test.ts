import { describe, expect, it } from 'vitest'
import { hex, readHeader, SIGNATURE } from './proxyProtocolCases.ts'

/** A version 2 header: what stands behind the signature, with its length put in. */
const binary = (versionCommand: string, kind: string, rest: string): Buffer => {
  const body = hex(rest)
  return Buffer.concat([hex(`${SIGNATURE}${versionCommand}${kind}`), Buffer.from([body.length >> 8, body.length & 255]), body]) // prettier-ignore
}

const ipv4 = '7f000001 7f000001 002a 0539'
const ipv6 = '20010db8000000000000000000000001 00000000000000000000000000000001 ffff 0000'
const path = (text: string): string => Buffer.from(text).toString('hex').padEnd(216, '0')
const ends = (family: string, source: readonly [string, number?], destination: readonly [string, number?]) => ({
  source: source[1] === undefined ? { family, address: source[0] } : { family, address: source[0], port: source[1] },
  destination: destination[1] === undefined ? { family, address: destination[0] } : { family, address: destination[0], port: destination[1] }, // prettier-ignore
})

const nothing = { version: 2, transport: 'unknown', source: undefined, destination: undefined, tlvs: [] }

describe('a header of version 2', () => {
  // the bytes proxy-protocol.txt, section 2.2, calls the expected ones, with their lengths: 12, 36, 216
  const kinds: Readonly<Record<string, readonly [string, string, object]>> = {
    'TCP over IPv4': ['11', ipv4, { transport: 'stream', ...ends('IPv4', ['127.0.0.1', 42], ['127.0.0.1', 1337]) }],
    'UDP over IPv4': ['12', ipv4, { transport: 'datagram', ...ends('IPv4', ['127.0.0.1', 42], ['127.0.0.1', 1337]) }],
    'TCP over IPv6': ['21', ipv6, { transport: 'stream', ...ends('IPv6', ['2001:db8::1', 65535], ['::1', 0]) }],
    'UDP over IPv6': ['22', ipv6, { transport: 'datagram', ...ends('IPv6', ['2001:db8::1', 65535], ['::1', 0]) }],
    'UNIX stream': ['31', path('/run/a') + path('/run/é'), { transport: 'stream', ...ends('unix', ['/run/a'], ['/run/é']) }],
    'UNIX datagram': ['32', path('') + path('/run/b'), { transport: 'datagram', ...ends('unix', [''], ['/run/b']) }],
    'a Unix name that is no file': ['31', path('\0a') + path('\0b\0c'), { transport: 'stream', ...ends('unix', ['\0a'], ['\0b\0c']) }],
    'a path that fills its field': ['31', path('x'.repeat(108)) + path('/y'), { transport: 'stream', ...ends('unix', ['x'.repeat(108)], ['/y']) }],
    UNSPEC: ['00', '', { ...nothing }],
  } // prettier-ignore
  it.each(Object.entries(kinds))('says %s', (_name, [kind, rest, said]) => {
    const header = { version: 2, command: 'proxy', tlvs: [], ...said }
    expect(readHeader(Buffer.concat([binary('21', kind, rest), Buffer.from('hi')]))).toEqual({ header, error: null, rest: 'hi' }) // prettier-ignore
  })

  it('is known by the 13 bytes of the specification, and by no others [R19]', () => {
    const bytes = hex('0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A 20 00 00 00')
    expect(readHeader(bytes).header).toEqual({ ...nothing, command: 'local' })
    for (let at = 0; at < 13; at++) {
      const wrong = bytes.map((byte, i) => (i === at ? byte ^ 0x80 : byte))
      expect(readHeader(wrong).error).toMatchObject({ _tag: 'Malformed', at })
      // found at that byte, not only when all are there
      expect(readHeader(wrong.subarray(0, at + 1)).error).toMatchObject({ _tag: 'Malformed', at })
    }
  })

  it('with the command LOCAL is skipped whole, whatever family and bytes it has', () => {
    for (const kind of ['00', '11', '31', 'ff']) {
      const bytes = Buffer.concat([binary('20', kind, 'deadbeef'), Buffer.from('hi')])
      expect(readHeader(bytes)).toEqual({ header: { ...nothing, command: 'local' }, error: null, rest: 'hi' })
    }
  })

  it('with no family, or no transport, is skipped whole: there are no endpoints in it', () => {
    for (const kind of ['00', '01', '10', '20', '30']) {
      expect(readHeader(binary('21', kind, `${ipv4}dead`)).header).toEqual({ ...nothing, command: 'proxy' })
    }
  })

  it('stops at its own length: what follows is the payload, also where it looks like a TLV [R4]', () => {
    // as HAProxy's reg-tests/connection/proxy_protocol_tlv_validation.vtc has it
    const bytes = Buffer.concat([binary('21', '11', `${ipv4} 02 0005 3132333435`), hex('02 0005 3534333231')])
    const { header, rest } = readHeader(bytes)
    expect(header?.tlvs).toEqual([{ _tag: 'Authority', host: '12345' }])
    expect(rest).toBe('\x02\0\x0554321')
  })

  const wrong: Readonly<Record<string, readonly [Buffer, number]>> = {
    'another version': [binary('11', '11', ipv4), 12],
    'a command nobody has': [binary('22', '11', ipv4), 12],
    'a family nobody has': [binary('21', '41', ipv4), 13],
    'a transport nobody has': [binary('21', '13', ipv4), 13],
    'IPv4 in eleven bytes': [binary('21', '11', '00'.repeat(11)), 14],
    'IPv6 in 35 bytes': [binary('21', '21', '00'.repeat(35)), 14],
    'paths in 215 bytes': [binary('21', '31', '00'.repeat(215)), 14],
    'a path that is no UTF-8': [binary('21', '31', 'ff'.padEnd(216, '0') + path('/x')), 16],
    'a second path that is no UTF-8': [binary('21', '31', path('/x') + 'ff'.padEnd(216, '0')), 124],
  }
  it.each(Object.entries(wrong))('is Malformed for %s [R19]', (_name, [bytes, at]) => {
    expect(readHeader(bytes)).toMatchObject({ header: null, error: { _tag: 'Malformed', at, fault: 'remote' } })
  })

  it('is refused for its length before a byte more of it is kept [R16]', () => {
    const claims = hex(`${SIGNATURE} 21 11 ffff`)
    expect(readHeader(claims).error).toMatchObject({ _tag: 'TooLong', limit: 4096, announced: 65551, fault: 'remote' })
    expect(readHeader(claims, { maxHeaderBytes: 65551 })).toMatchObject({ header: null, error: null })
    const padded = binary(
      '21',
      '11',
      `${ipv4} 04 ${(4096 - 31).toString(16).padStart(4, '0')} ${'00'.repeat(4096 - 31)}`,
    )
    expect(padded.length).toBe(4096)
    expect(readHeader(padded).header?.tlvs).toEqual([{ _tag: 'Noop', bytes: 4065 }])
    expect(readHeader(padded, { maxHeaderBytes: 4095 }).error).toMatchObject({ _tag: 'TooLong', announced: 4096 })
  })

  it('of the greatest length there is, full of the least TLVs, is read without recursion [R18]', () => {
    const bytes = binary('21', '11', `${ipv4} ${'040000'.repeat(21841)}`)
    expect(bytes.length).toBe(65551)
    expect(readHeader(bytes, { maxHeaderBytes: 65551 }).header?.tlvs).toHaveLength(21841)
  })

  it('is Malformed at its first byte where only version 1 is read [R19]', () => {
    const bytes = binary('21', '11', ipv4)
    expect(readHeader(bytes, { versions: [1] }).error).toMatchObject({ _tag: 'Malformed', at: 0 })
    expect(readHeader(bytes, { versions: [2] }).header).toMatchObject({ version: 2 })
  })
})
