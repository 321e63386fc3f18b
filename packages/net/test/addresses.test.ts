import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressSet, isIP, isIPv4, isIPv6 } from '../src/index.ts'
import { ipBytes, ipText } from '../src/internal/proxy/ip.ts'

describe('isIP', () => {
  it('tells the two families apart, and from everything else', () => {
    expect(['127.0.0.1', '::1', '::ffff:10.0.0.1', 'fe80::1%eth0'].map(isIP)).toEqual([4, 6, 6, 6])
    expect(['', 'localhost', '1.2.3', '1.2.3.04', '1.2.3.256', '1.2.3.4 ', ':::', '1:2:3:4:5:6:7'].map(isIP)).toEqual(
      Array.from({ length: 8 }, () => 0),
    )
    expect([isIPv4('10.0.0.1'), isIPv4('::1'), isIPv6('::1'), isIPv6('10.0.0.1')]).toEqual([true, false, true, false])
  })
})

describe('addressSet', () => {
  const set = addressSet([
    '10.0.0.0/8',
    '192.0.2.1',
    'fd00::/8',
    '::1',
    '198.51.100.5-198.51.100.9',
    '2001:db8::1-2001:db8::3',
  ])
  const among: Readonly<Record<string, boolean>> = {
    '10.0.0.0': true,
    '10.255.255.255': true,
    '11.0.0.0': false,
    '192.0.2.1': true,
    '192.0.2.2': false,
    'fd12::7': true,
    'fe00::7': false,
    '::1': true,
    '0:0:0:0:0:0:0:1': true,
    '::2': false,
    '198.51.100.4': false,
    '198.51.100.5': true,
    '198.51.100.9': true,
    '198.51.100.10': false,
    '2001:db8::2': true,
    '2001:db8::4': false,
  }

  it.each(Object.entries(among))('has %s: %s', (address, has) => {
    expect(set.has(address)).toBe(has)
  })

  it('takes an IPv4 address and its IPv6 form for the same, both ways', () => {
    expect(set.has('::ffff:10.0.0.1')).toBe(true)
    expect(set.has('::ffff:a00:1')).toBe(true)
    expect(set.has('::ffff:11.0.0.1')).toBe(false)
    const mapped = addressSet(['::ffff:10.0.0.0/104', '::ffff:192.0.2.1'])
    expect(['10.9.9.9', '192.0.2.1', '11.0.0.0', '192.0.2.2'].map((one) => mapped.has(one))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('does not look at the zone of an address', () => {
    expect(addressSet(['fe80::/10']).has('fe80::1%eth0')).toBe(true)
    expect(addressSet(['fe80::1']).has('fe80::2%eth0')).toBe(false)
  })

  it('has nobody where it is empty, and everybody of a family in its /0', () => {
    expect(addressSet([]).has('127.0.0.1')).toBe(false)
    const all = addressSet(['0.0.0.0/0'])
    expect([all.has('0.0.0.0'), all.has('255.255.255.255'), all.has('::1')]).toEqual([true, true, false])
  })

  it('takes a BlockList of Node, which may still grow, and a set as it is', () => {
    const list = new BlockList()
    const listed = addressSet(list)
    expect(listed.has('::ffff:10.0.0.1')).toBe(false)
    list.addRange('10.0.0.1', '10.0.0.9')
    expect(listed.has('::ffff:10.0.0.1')).toBe(true)
    expect(addressSet(listed)).toBe(listed)
  })

  it('never throws, whatever it is asked [R27]', () => {
    const property = fc.property(
      fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom('%', '::%', '1.2.3.4%x')),
      (text) => {
        expect(typeof set.has(text)).toBe('boolean')
      },
    )
    fc.assert(property, { numRuns: 1_000 })
  })

  const wrong = ['', 'localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', '::/129', '/8', '10.0.0.1-', '10.0.0.9-10.0.0.1', '10.0.0.1-::1', '10.0.0.0/8/8', 'fe80::1%eth0', ' 10.0.0.1'] // prettier-ignore
  it.each(wrong)('throws WrongOption for the entry %j [R16][R27]', (entry) => {
    expect(() => addressSet(['10.0.0.1', entry])).toThrow(
      expect.objectContaining({ _tag: 'WrongOption', given: entry }),
    )
  })

  it.each([[null], [7], ['10.0.0.1'], [{}]])('throws WrongOption for %j, which is no list [R27]', (given) => {
    // @ts-expect-error what plain JavaScript may give
    expect(() => addressSet(given)).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
  })
})

describe('the bytes of an address', () => {
  it('are those Node means by it, and read back as Node writes them', () => {
    const any = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
    const sparse = fc
      .array(fc.constantFrom(0, 0, 1, 0xff), { minLength: 16, maxLength: 16 })
      .map((b) => Uint8Array.from(b))
    const property = fc.property(fc.oneof(any, sparse), (bytes) => {
      const text = ipText(bytes)
      expect(isIP(text)).toBe(bytes.length === 4 ? 4 : 6)
      expect(ipBytes(text)).toEqual(bytes)
      // Node's own reading of the text is the judge
      expect(addressSet([text]).has(text)).toBe(true)
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  const known: Readonly<Record<string, string>> = {
    '127.0.0.1': '7f000001',
    '::': '00'.repeat(16),
    '::1': `${'00'.repeat(15)}01`,
    '1::': `0001${'00'.repeat(14)}`,
    '2001:DB8::A:1': '20010db800000000000000000' + '00a0001',
    '::ffff:10.0.0.1': `${'00'.repeat(10)}ffff0a000001`,
    '1:2:3:4:5:6:7:8': '00010002000300040005000600070008',
    '1:2:3:4:5:6:7.8.9.10': '0001000200030004000500060708090a',
  }
  it.each(Object.entries(known))('of %s are %s', (address, hex) => {
    expect(Buffer.from(ipBytes(address) ?? []).toString('hex')).toBe(hex)
  })

  it('are none for a zone, or for no address', () => {
    expect(['fe80::1%eth0', 'localhost', ''].map(ipBytes)).toEqual([null, null, null])
  })
})
