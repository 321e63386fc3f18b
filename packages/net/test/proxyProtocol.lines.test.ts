import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHeader } from './proxyProtocolCases.ts'

const line = (source: string, destination: string, family: 'IPv4' | 'IPv6', ports: readonly [number, number]) => ({
  version: 1,
  command: 'proxy',
  transport: 'stream',
  source: { family, address: source, port: ports[0] },
  destination: { family, address: destination, port: ports[1] },
  tlvs: [],
})

/** `PROXY UNKNOWN`, filled up to so many bytes. */
const unknown = (bytes: number): string => `${'PROXY UNKNOWN '.padEnd(bytes - 2, 'f')}\r\n`

describe('a line of version 1', () => {
  // the example before an HTTP request of proxy-protocol.txt, section 2.1
  it('is read, and the request behind it is left to the next [R4]', () => {
    const request = 'GET / HTTP/1.1\r\nHost: 192.168.0.11\r\n\r\n'
    expect(readHeader(`PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n${request}`)).toEqual({
      header: line('192.168.0.1', '192.168.0.11', 'IPv4', [56324, 443]),
      error: null,
      rest: request,
    })
  })

  // the longest lines of each kind, proxy-protocol.txt, section 2.1: 56, 104, 15 and 107 characters
  const all = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
  const longest: Readonly<Record<string, readonly [number, unknown]>> = {
    'PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n': [56, line('255.255.255.255', '255.255.255.255', 'IPv4', [65535, 65535])], // prettier-ignore
    [`PROXY TCP6 ${all} ${all} 65535 65535\r\n`]: [104, line(all, all, 'IPv6', [65535, 65535])],
    'PROXY UNKNOWN\r\n': [15, { version: 1, command: 'proxy', transport: 'unknown', source: undefined, destination: undefined, tlvs: [] }], // prettier-ignore
    [`PROXY UNKNOWN ${all} ${all} 65535 65535\r\n`]: [107, { version: 1, command: 'proxy', transport: 'unknown', source: undefined, destination: undefined, tlvs: [] }], // prettier-ignore
  }
  it.each(Object.entries(longest))('of the greatest length is read: %j [R16]', (text, [length, header]) => {
    expect(text.length).toBe(length)
    expect(readHeader(text)).toEqual({ header, error: null, rest: '' })
  })

  it('gives addresses as Node writes them, also in capitals, long or dotted', () => {
    const { header } = readHeader('PROXY TCP6 2001:DB8:0:0:0:0:0:1 ::FFFF:10.0.0.1 0 1\r\n')
    expect(header).toEqual(line('2001:db8::1', '::ffff:10.0.0.1', 'IPv6', [0, 1]))
  })

  it('ends within 107 bytes, or is TooLong before more of it is kept [R16]', () => {
    expect(readHeader(unknown(107)).header).toMatchObject({ transport: 'unknown' })
    for (const bytes of [108, 109, 4000]) {
      expect(readHeader(unknown(bytes)).error).toMatchObject({
        _tag: 'TooLong',
        limit: 107,
        offset: 0,
        fault: 'remote',
      })
    }
    expect(readHeader(unknown(400).slice(0, 107)).error).toMatchObject({ _tag: 'TooLong' })
    expect(readHeader(unknown(400).slice(0, 106))).toEqual({ header: null, error: null, rest: '' })
  })

  const good = 'PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n'
  it.each([good, 'PROXY UNKNOWN\r\n'])('that is cut off is awaited at every byte: %j [R13]', (text) => {
    for (let end = 0; end < text.length; end++) {
      expect(readHeader(text.slice(0, end))).toEqual({ header: null, error: null, rest: '' })
    }
  })

  // what is wrong, and where its first wrong byte stands
  const wrong: Readonly<Record<string, number>> = {
    'GET / HTTP/1.1\r\n': 0,
    'proxy TCP4 10.0.0.1 10.0.0.2 1 2\r\n': 0,
    'PRO XY': 3,
    'PROXY\tTCP4 10.0.0.1 10.0.0.2 1 2\r\n': 5,
    'PROXY\r\n': 5,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 2\n': 32,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\r\n': 33,
    'PROXY UNKNOWN\n\r\n': 13,
    'PROXY UNKNOWN\rjunk\r\n': 14,
    'PROXY  TCP4 10.0.0.1 10.0.0.2 1 2\r\n': 6,
    'PROXY TCP5 10.0.0.1 10.0.0.2 1 2\r\n': 6,
    'PROXY UNKNOWNS\r\n': 6,
    'PROXY tcp4 10.0.0.1 10.0.0.2 1 2\r\n': 6,
    'PROXY \r\n': 6,
    'PROXY TCP4\r\n': 10,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1\r\n': 30,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 2 \r\n': 33,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 2 3\r\n': 34,
    'PROXY TCP4 ::1 10.0.0.2 1 2\r\n': 11,
    'PROXY TCP6 10.0.0.1 ::1 1 2\r\n': 11,
    'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n': 11,
    'PROXY TCP4 10.0.0.01 10.0.0.2 1 2\r\n': 11,
    'PROXY TCP4 10.0.0.256 10.0.0.2 1 2\r\n': 11,
    'PROXY TCP4  10.0.0.2 1 2\r\n': 11,
    'PROXY TCP4 10.0.0.1 10.0.0 1 2\r\n': 20,
    'PROXY TCP4 10.0.0.1 10.0.0.2 65536 2\r\n': 29,
    'PROXY TCP4 10.0.0.1 10.0.0.2 00 2\r\n': 29,
    'PROXY TCP4 10.0.0.1 10.0.0.2 +1 2\r\n': 29,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1e3 2\r\n': 29,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 080\r\n': 31,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 -2\r\n': 31,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 \r\n': 31,
    'PROXY TCP4 10.0.0.1 10.0.0.2 1 99999999999999999999\r\n': 31,
  }
  it.each(Object.entries(wrong))('is Malformed: %j at %i [R19]', (text, at) => {
    const { header, error } = readHeader(text)
    expect(header).toBeNull()
    expect(error).toMatchObject({ _tag: 'Malformed', at, offset: 0, fault: 'remote' })
    expect(error?.message).toMatch(/^the stream has .+ at offset \d+: /)
  })

  it('takes every port there is, and no other text for one', () => {
    const property = fc.property(fc.oneof(fc.nat({ max: 70_000 }).map(String), fc.string({ maxLength: 6 })), (port) => {
      const { header } = readHeader(`PROXY TCP4 10.0.0.1 10.0.0.2 ${port} 2\r\n`)
      const given = Number(port)
      const valid = given >= 0 && given <= 65535 && String(given) === port
      expect(header?.source?.port).toBe(valid ? given : undefined)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  it('is Malformed at its first byte where only version 2 is read [R19]', () => {
    expect(readHeader(good, { versions: [2] }).error).toMatchObject({ _tag: 'Malformed', at: 0 })
    expect(readHeader(good, { versions: [1] }).header).toMatchObject({ version: 1 })
  })
})
