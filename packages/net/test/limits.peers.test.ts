import { BlockList, SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressSet } from '../src/index.ts'
import { peerKey } from '../src/internal/server/peerKey.ts'
import { come, from, shoutingAt, told } from './support/guests.ts'
import { dial, everything, HOST, listening, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

const linux = process.platform === 'linux'

describe('maxConnectionsPerPeer', () => {
  it('refuses who has so many already, and lets him in again after a close [R24]', async () => {
    const listener = await listening({ maxConnectionsPerPeer: 1 })
    const events = told(listener)
    shoutingAt(listener)
    const [first] = await come(listener, 1)
    expect(await everything(dial(listener))).toBe('')
    first?.end()
    await until('gone', () => listener.live === 0)
    await come(listener, 1)
    expect(events).toEqual(['Accepted', 'Refused perPeer', 'Accepted'])
  })

  it.skipIf(!linux)('counts each address on its own (Linux only: loopback has many there)', async () => {
    const listener = await listening({ maxConnectionsPerPeer: 1 })
    shoutingAt(listener)
    await come(listener, 1)
    const other = await from('127.0.0.2', listener)
    other.end('hello\n')
    expect(await everything(other)).toBe('HELLO\n')
  })

  it.skipIf(!linux)('lets others pass who wait for theirs (Linux only: loopback has many there) [R24]', async () => {
    const listener = await listening({ maxConnectionsPerPeer: 1, atLimit: 'wait' })
    shoutingAt(listener)
    const [first, second] = await come(listener, 2)
    const other = await from('127.0.0.2', listener)
    other.end('other\n')
    expect(await everything(other)).toBe('OTHER\n')
    expect([listener.live, listener.pending]).toEqual([1, 1])
    second?.end('second\n')
    first?.end()
    expect(second && (await everything(second))).toBe('SECOND\n')
  })

  it('takes an IPv4 peer of an IPv6 socket for what he is', async () => {
    const listener = await listening({ port: 0, host: '::', maxConnectionsPerPeer: 1 })
    shoutingAt(listener)
    await from(HOST, listener)
    await until('accepted', () => listener.live === 1)
    expect(await everything(await from(HOST, listener))).toBe('')
    expect(listener.counts.refused.perPeer).toBe(1)
  })

  it('does not count who comes by a Unix socket', async () => {
    const listener = await listening({ path: socketPath(), maxConnectionsPerPeer: 1 })
    shoutingAt(listener)
    await come(listener, 3)
    expect(listener.live).toBe(3)
  })
})

describe('a peer', () => {
  const ipv6 = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }).map((groups) => {
    const address = groups.map((group) => group.toString(16)).join(':')
    return new SocketAddress({ address, family: 'ipv6' }).address
  })
  const bits = fc.integer({ min: 1, max: 128 })

  it('is an IPv6 network of so many bits: as a BlockList of Node has it', () => {
    fc.assert(
      fc.property(ipv6, ipv6, bits, fc.integer({ min: 0, max: 8 }), (a, b, prefix, same) => {
        // mostly neighbours: two random addresses hardly ever are
        const other = [...a.split(':').slice(0, same), ...b.split(':').slice(same)].join(':')
        const address = addressSet([a]).has(other) ? a : isAddress(other) ? other : b
        const network = new BlockList()
        network.addSubnet(a, prefix, 'ipv6')
        expect(peerKey(a, prefix) === peerKey(address, prefix)).toBe(network.check(address, 'ipv6'))
      }),
    )
  })

  it.each([
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['2001:db8:1:2::9', '2001:db8:1:2:a::1', true],
    ['2001:db8:1:2::9', '2001:db8:1:3::9', false],
    ['fe80::1%eth0', 'fe80::2%eth1', true],
    ['::1', '::ffff:0.0.0.1', false],
  ])('%s and %s are one: %j', (a, b, one) => {
    expect(peerKey(a, 64) === peerKey(b, 64)).toBe(one)
  })
})

const isAddress = (text: string): boolean => SocketAddress !== undefined && addressOrNull(text) !== null

const addressOrNull = (address: string): SocketAddress | null => {
  try {
    return new SocketAddress({ address, family: 'ipv6' })
  } catch {
    return null
  }
}

describe('allow and deny', () => {
  it('refuse whose address is denied [R24]', async () => {
    const listener = await listening({ deny: [HOST] })
    const events = told(listener)
    expect(await everything(dial(listener))).toBe('')
    expect(events).toEqual(['Refused blocked'])
    expect(listener.counts.refused.blocked).toBe(1)
  })

  it('let in only who is allowed, also over an IPv6 socket', async () => {
    const allow = new BlockList()
    allow.addSubnet('127.0.0.0', 30, 'ipv4')
    const listener = await listening({ port: 0, host: '::', allow })
    shoutingAt(listener)
    const peer = await from(HOST, listener)
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
  })

  it('refuse who is not allowed, and whoever is denied among the allowed', async () => {
    for (const options of [{ allow: ['10.0.0.0/8'] }, { allow: ['127.0.0.0/8'], deny: [HOST] }]) {
      const listener = await listening(options)
      expect(await everything(dial(listener))).toBe('')
      expect(listener.counts.refused.blocked).toBe(1)
    }
  })

  it('do not ask who comes by a Unix socket', async () => {
    const listener = await listening({ path: socketPath(), allow: ['10.0.0.0/8'] })
    shoutingAt(listener)
    const [peer] = await come(listener, 1)
    peer?.end('hello\n')
    expect(peer && (await everything(peer))).toBe('HELLO\n')
  })
})
