import { EventEmitter, once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WrongOption } from '@sluice/protocol'
import { describe, expect, it } from 'vitest'
import type { LeakCheckOptions } from '../src/index.ts'
import { activeHandles, leakCheck, Leaked, showLeak, socketPair, watchLeaks } from '../src/index.ts'

const FILE = fileURLToPath(import.meta.url)

/** What was left behind, as it is told, and where it was made. */
const leftBy = async (f: () => unknown, options: LeakCheckOptions = {}): Promise<Leaked> => {
  const error: unknown = await leakCheck(f, { patienceMs: 50, ...options }).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof Leaked) return error
  throw new Error('nothing was found')
}

const kinds = ({ leaks }: Leaked) => leaks.map((leak) => (leak._tag === 'Resource' ? leak.kind : leak._tag))

describe('leakCheck() [R14]', () => {
  it('finds a timer, and says where it was made', async () => {
    let timer: NodeJS.Timeout | undefined
    const forgetful = () => {
      timer = setInterval(() => undefined, 60_000)
    }
    const leaked = await leftBy(forgetful)
    clearInterval(timer)
    expect(kinds(leaked)).toEqual(['Timeout'])
    expect(leaked.message).toMatch(
      /^left behind:\n\n1 × Timeout\n {2}made at forgetful \(.*leakCheck\.test\.ts:\d+:\d+\)/,
    )
  })

  it('finds sockets and servers, their descriptors, and where they were made', async () => {
    let pair: Awaited<ReturnType<typeof socketPair>> | undefined
    const leaked = await leftBy(async () => {
      pair = await socketPair()
    })
    await pair?.close()
    expect(kinds(leaked)).toEqual(['TCPSocketWrap', 'Descriptor', 'Descriptor'])
    expect(leaked.message).toMatch(/^2 × TCPSocketWrap\n {2}made at (.*\n {7}at )*.*socketPair\.ts/m)
    expect(leaked.message).toMatch(/^descriptor \d+: socket:\[\d+\]$/m)

    const server = createServer()
    const listening = await leftBy(
      () => new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve)),
    )
    server.close()
    expect(kinds(listening)).toEqual(['TCPServerWrap', 'Descriptor'])
  })

  it('finds a descriptor, and says what it is for', async () => {
    let fd = 0
    const leaked = await leftBy(() => (fd = openSync(FILE, 'r')))
    closeSync(fd)
    expect(leaked.leaks).toEqual([{ _tag: 'Descriptor', fd, target: FILE }])
  })

  it('finds listeners: of the process, and of whatever it is told to look at', async () => {
    const [emitter, { signal }] = [new EventEmitter(), new AbortController()]
    const listener = () => undefined
    emitter.on('old', listener)
    const leaked = await leftBy(
      () => {
        process.on('SIGWINCH', listener)
        emitter.on('old', listener).on('new', listener).on('new', listener)
        signal.addEventListener('abort', listener)
      },
      { emitters: [emitter, signal] },
    )
    process.off('SIGWINCH', listener)
    expect(leaked.leaks.map(showLeak)).toEqual([
      '1 × listener: process SIGWINCH',
      '1 × listener: EventEmitter old',
      '2 × listener: EventEmitter new',
      '1 × listener: AbortSignal abort',
    ])
  })

  it('finds heap that is kept beyond a limit, and not what is kept once', async () => {
    const kept: unknown[] = []
    const hoard = () => {
      kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i })))
    }
    const leaked = await leftBy(hoard, { maxHeapBytes: 500_000 })
    expect(kinds(leaked)).toEqual(['Heap'])
    let once: unknown
    const thrifty = () => {
      once = Array.from({ length: 100_000 }, (_, i) => ({ i }))
    }
    const { heapBytes } = await leakCheck(thrifty, { maxHeapBytes: 500_000 })
    expect(heapBytes?.after).toBeGreaterThan(0)
    expect([once, kept]).toHaveLength(2)
  })

  it('is content with what is gone in time, and answers what the function did', async () => {
    const { value, heapBytes } = await leakCheck(async () => {
      const { client } = await socketPair().then(async (pair) => {
        await pair.close()
        return pair
      })
      setTimeout(() => undefined, 5)
      return client.closed
    })
    expect([value, heapBytes]).toEqual([true, null])
  })

  it('fails as the function fails, and refuses limits that are none', async () => {
    await expect(leakCheck(() => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
    await expect(leakCheck(() => 1, { maxHeapBytes: -1 })).rejects.toThrow(WrongOption)
    expect(() => watchLeaks({ patienceMs: NaN })).toThrow(WrongOption)
  })
})

describe('watchLeaks()', () => {
  it('does not count what was there before, and looks anew each time', async () => {
    using watch = watchLeaks({ patienceMs: 20 })
    expect(await watch.leaks()).toEqual([])
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const [first] = await watch.leaks()
    expect(first).toEqual({ _tag: 'Resource', kind: 'TCPServerWrap', count: 1, madeAt: [] })
    using later = watchLeaks({ patienceMs: 20 })
    expect(await later.leaks()).toEqual([])
    server.close()
    expect(await watch.leaks()).toEqual([])
  })

  it('is not taken in by one that comes where another goes', async () => {
    const open = async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }
    const old = await open()
    using counting = watchLeaks({ patienceMs: 20 })
    using tracing = watchLeaks({ patienceMs: 20, traced: true })
    old.close()
    while (process.getActiveResourcesInfo().includes('TCPServerWrap')) await new Promise(setImmediate)
    expect([await counting.leaks(), await tracing.leaks()]).toEqual([[], []])
    const server = await open()
    const [counted, traced] = [await counting.leaks(), await tracing.leaks()]
    server.close()
    for (const leaks of [counted, traced]) {
      expect(leaks[0]).toMatchObject({ _tag: 'Resource', kind: 'TCPServerWrap', count: 1 })
    }
  })
})

describe('activeHandles()', () => {
  it('finds what is open, by its class', async () => {
    const { client, close } = await socketPair()
    expect(activeHandles(Socket)).toContain(client)
    await close()
    expect(activeHandles(Socket)).not.toContain(client)
  })
})
