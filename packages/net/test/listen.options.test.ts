import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { BlockList, createServer, Socket } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ListenOptions } from '../src/index.ts'
import { listen } from '../src/index.ts'
import { descriptorLimit } from '../src/internal/server/descriptorLimit.ts'
import { listenSettings, sharesPorts } from '../src/internal/server/listenSettings.ts'
import { handlesOf } from './support/handles.ts'
import { HOST, listening, peerOf, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { program } from './support/program.ts'

nothingLeft()

const here = sharesPorts(process.versions.node)
const linux = process.platform === 'linux'

describe('WrongOption', () => {
  const wrong: Readonly<Record<string, ListenOptions>> = {
    'a port and a path': { port: 0, path: '/x' },
    'a path and a descriptor': { path: '/x', fd: 3 },
    'a descriptor and a host': { fd: 3, host: HOST },
    'a descriptor that is no number of one': { fd: -1 },
    'a handle without a descriptor': { handle: {} as never },
    'permissions of a port': { port: 0, mode: 0o600 },
    'permissions that are none': { path: '/x', mode: 0o1000 },
    'only IPv6 of a path': { path: '/x', ipv6Only: true },
    'no addresses': { addresses: [] },
    'an address beside the addresses': { port: 0, addresses: [{ port: 0 }] },
    'a wrong one among the addresses': { addresses: [{ port: 0 }, { port: 70_000 }] },
    'half a second of keep-alive': { port: 0, keepAliveMs: 500 },
    'room for nobody of a peer': { port: 0, maxConnectionsPerPeer: 0 },
    'peers of no bits': { port: 0, peerPrefixBits: 0 },
    'peers of more bits than there are': { port: 0, peerPrefixBits: 129 },
    'no byte that may wait': { port: 0, maxBufferedBytes: 0 },
    'a policy there is not': { port: 0, atLimit: 'shrug' as never },
    'a list of what is no address': { port: 0, deny: ['here'] },
    'an allow list that is none': { port: 0, allow: 'all' as never },
  }
  for (const [what, options] of Object.entries(wrong)) {
    it(`is thrown at construction for ${what} [R16][R27]`, () => {
      expect(() => listen(options)).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
    })
  }

  it('is not thrown for what works [R27]', () => {
    const fine: readonly ListenOptions[] = [
      { port: 0, host: '::1', ipv6Only: true, exclusive: true, noDelay: false, keepAliveMs: Infinity, backlog: 1 },
      { path: '/x', mode: 0o660, maxConnectionsPerPeer: 1, peerPrefixBits: 128, maxUnconsumed: 1 },
      { addresses: [{ port: 1 }, { path: '/x', mode: 0 }, { fd: 3 }], allow: new BlockList(), deny: ['10.0.0.0/8'] },
    ]
    for (const options of fine) expect(() => listen(options)).not.toThrow()
  })
})

describe('reusePort', () => {
  it('is known by Node 22.12, 23.1 and whatever comes later', () => {
    const versions = ['20.20.2', '22.11.0', '22.12.0', '23.0.0', '23.1.0', '24.0.0']
    expect(versions.filter(sharesPorts)).toEqual(['22.12.0', '23.1.0', '24.0.0'])
  })

  it.skipIf(here)('is refused where Node would not heed it (only on a Node without it) [R27]', () => {
    expect(() => listen({ port: 0, reusePort: true })).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
  })

  it.runIf(here && linux)('lets two listeners have one port (Linux, a Node that knows it)', async () => {
    const first = await listening({ port: 0, host: HOST, reusePort: true })
    await listening({ port: portOf(first), host: HOST, reusePort: true })
  })
})

describe('listen', () => {
  it('leaves IPv4 to others with ipv6Only, and takes both without', async () => {
    const both = await listening({ port: 0, host: '::' })
    await peerOf(portOf(both))
    const only = await listening({ port: 0, host: '::', ipv6Only: true })
    const other = createServer().listen(portOf(only), HOST)
    await once(other, 'listening')
    afterwards(() => {
      other.close()
    })
  })

  it('shares a port among the workers of a cluster, but not with exclusive', async () => {
    expect(await (await program('workers')).line('both listen')).toBe('true')
    expect(await (await program('workers', 'exclusive')).line('both listen')).toBe('false')
  })

  it.skipIf(!linux)('has no more connections by default than descriptors are left, less 64 (Linux only) [R24]', () => {
    const limit = Number(/open files +(\d+)/.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1])
    expect(descriptorLimit()).toBe(limit)
    expect(listenSettings({ port: 0 }).reception.maxConnections).toBe(Math.min(16_384, limit - 64))
    expect(listenSettings({ port: 0, maxConnections: limit }).reception.maxConnections).toBe(limit)
  })

  it('keeps the process running, unless it is told not to', async () => {
    const listener = await listening()
    const count = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
    const before = count()
    listener.unref()
    expect(count()).toBe(before - 1)
    listener.ref()
    expect(count()).toBe(before)
  })

  for (const noDelay of [true, false]) {
    it(`lets the kernel send small segments at once, or join them: noDelay ${String(noDelay)}`, async () => {
      const [, { localPort }] = await connectedWith({ noDelay })
      const socket = handlesOf(Socket).find(({ remotePort }) => remotePort === localPort)
      expect(optionOf(socket, 'kSetNoDelay')).toBe(noDelay)
    })
  }

  it('asks silent peers by TCP whether they live, after 30 s or so long as is said, or never', async () => {
    const delays: unknown[] = []
    for (const options of [{}, { keepAliveMs: 5_000 }, { keepAliveMs: Infinity }]) {
      const [, { localPort }] = await connectedWith(options)
      const socket = handlesOf(Socket).find(({ remotePort }) => remotePort === localPort)
      delays.push([optionOf(socket, 'kSetKeepAlive'), optionOf(socket, 'kSetKeepAliveInitialDelay')])
    }
    expect(delays).toEqual([
      [true, 30],
      [true, 5],
      [false, 0],
    ])
  })
})

const connectedWith = async (options: ListenOptions) => {
  const listener = await listening(options)
  return Promise.all([firstValueFrom(listener.connections$), peerOf(listener)])
}

/** What Node remembers it has told the system; nobody can ask the system. */
const optionOf = (socket: Socket | undefined, name: string): unknown => {
  if (socket === undefined) throw new Error('no such socket')
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === name)
  return symbol === undefined ? undefined : Reflect.get(socket, symbol)
}
