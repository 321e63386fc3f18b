import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { lines } from '@sluice/protocol'
import { concat, firstValueFrom, ignoreElements, map, NEVER, of, range } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Handler } from '../src/index.ts'
import { connect, mapAsync, serve, speak } from '../src/index.ts'
import { closing, everything, HOST, listening, pair, peerOf, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))
const stuck: Handler<string, string> = (in$) => concat(in$.pipe(mapAsync(1, () => NEVER)), NEVER)

const endAfterPeer = (connection: Connection): void => {
  connection.data$.subscribe({ error: () => undefined, complete: () => connection.end() })
}

/** How many of the kernel's TCP sockets at a port are in a state (05: FIN_WAIT2, 08: CLOSE_WAIT). */
const inKernel = (port: number, state: string): number => {
  const at = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  return rows.map((row) => row.trim().split(/\s+/)).filter(([, l, r, s]) => s === state && (l?.endsWith(at) || r?.endsWith(at))).length // prettier-ignore
}

describe('FAULTS 0.1: a reset that looks like a clean end', () => {
  it('is a Reset also at a frame border [R13]', async () => {
    for (let i = 0; i < 20; i++) {
      const { connection, peer } = await pair()
      const talk = firstValueFrom(of(connection).pipe(speak(lines(), shout)))
      peer.write('whole\n', () => peer.resetAndDestroy())
      expect((await talk).cause._tag).toBe('Reset')
    }
  })
})

describe('FAULTS 0.2: a FIN, then a reset nobody reports', () => {
  it('is found within the probe interval [R23]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await pair({ probeMs: 1_000, scheduler: clock })
    let ended = false
    connection.events$.subscribe(({ _tag }) => (ended ||= _tag === 'RemoteEnded'))
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), (in$) => concat(in$, NEVER))))
    peer.end()
    await until('the FIN', () => ended)
    peer.resetAndDestroy()
    await turns(20)
    clock.advance(1_001)
    expect((await talk).cause._tag).toBe('Reset')
  })
})

describe('FAULTS 0.3: a paused socket, which sees neither FIN nor reset', () => {
  it('is probed while it is paused [R23]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await pair({ probeMs: 1_000, scheduler: clock })
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), stuck)))
    peer.write(`${'x'.repeat(50)}\n`.repeat(10_000))
    await until('the pause', () => connection.figures.bytesRead > 0)
    await turns(20)
    peer.resetAndDestroy()
    await turns(20)
    clock.advance(1_001)
    expect((await talk).cause._tag).toBe('Reset')
  })

  it('that is alive is left alone, however often it is probed [R23]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await pair({ probeMs: 1_000, scheduler: clock })
    peer.end('x')
    for (let i = 0; i < 20; i++) {
      clock.advance(1_001)
      await turns(2)
    }
    const chunk = firstValueFrom(connection.data$)
    expect(Buffer.from(await chunk).toString()).toBe('x')
  })
})

describe('FAULTS 0.5: a reset while our FIN is in flight', () => {
  it('leaves no socket behind [R14]', async () => {
    const listener = await listening()
    const port = portOf(listener)
    listener.connections$.subscribe(endAfterPeer)
    for (let i = 0; i < 20; i++) {
      const connecting = connect({ host: HOST, port }).subscribe((connection) => {
        connection.write(Buffer.from('x'))
        connection.end()
        process.nextTick(() => {
          connection.abort()
        })
      })
      await until('the end', () => connecting.closed)
    }
    await until('no FIN_WAIT2', () => inKernel(port, '05') === 0)
  })

  it('once it has arrived leaves none either, though the peer never ends (F10) [R11]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ halfClosedMs: 1_000, scheduler: clock })
    const causes: string[] = []
    listener.connections$.subscribe((connection) => {
      endAfterPeer(connection)
      connection.end()
      void closing(connection).then(({ cause }) => causes.push(cause._tag))
    })
    const peer = await peerOf(listener)
    await everything(peer)
    await until('FIN_WAIT2', () => inKernel(portOf(listener), '05') === 1)
    clock.advance(1_001)
    await until('the end', () => causes.length === 1)
    expect(causes).toEqual(['TimedOut'])
    expect(inKernel(portOf(listener), '05')).toBe(0)
  })
})

describe('FAULTS 0.6: a write callback that lies', () => {
  it('is not counted: what never left is unsent, and written and unsent add up [R10]', async () => {
    const { connection } = await pair()
    const size = 32 << 20
    connection.write(Buffer.alloc(size))
    await turns(5)
    connection.abort()
    const { figures } = await closing(connection)
    expect(figures.bytesUnsent).toBeGreaterThan(0)
    expect(figures.bytesWritten + figures.bytesUnsent).toBe(size)
  })

  it('is not counted either when the peer resets [R10]', async () => {
    const { connection, peer } = await pair()
    const size = 32 << 20
    connection.write(Buffer.alloc(size))
    await turns(5)
    peer.resetAndDestroy()
    const { cause, figures } = await closing(connection)
    expect(cause._tag).toBe('Reset')
    expect(figures.bytesUnsent).toBeGreaterThan(0)
    expect(figures.bytesWritten + figures.bytesUnsent).toBe(size)
  })
})

describe('FAULTS 0.7: a close with unread input, which kills our own last answer', () => {
  it('lingers: the peer gets all of it, then the end [R11]', async () => {
    const { connection, peer } = await pair()
    const answer$ = range(0, 20_000).pipe(map((i) => `answer ${String(i)}`))
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), () => answer$)))
    peer.write(Buffer.alloc(4 << 20, 'x'))
    const got = await everything(peer)
    expect(got.endsWith('answer 19999\n')).toBe(true)
    expect(got.split('\n').length).toBe(20_001)
    peer.end()
    const { cause, figures } = await talk
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 4 << 20, bytesUnread: 4 << 20 })
  })
})

describe('FAULTS 0.8: a stalled event loop', () => {
  it('is no time-out: what came meanwhile is read first [R22]', async () => {
    const listener = await listening({ silenceMs: 40 })
    const causes: string[] = []
    of(listener).pipe(serve(lines(), shout)).subscribe(({ closed }) => causes.push(closed.cause._tag)) // prettier-ignore
    const peers = await Promise.all(Array.from({ length: 40 }, () => peerOf(listener)))
    await until('all accepted', () => listener.live === peers.length)
    for (let stall = 0; stall < 3; stall++) {
      for (const peer of peers) peer.write('x\n')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 90)
      await turns(3)
    }
    expect(causes).toEqual([])
    for (const peer of peers) peer.end()
  })
})

describe('FAULTS 0.9: keep-alive under a second, which means two hours', () => {
  it('is refused [R16]', () => {
    expect(() => connect({ port: 1, keepAliveMs: 500 })).toThrow('keepAliveMs is 500')
  })
})

describe('FAULTS 0.12: a peer that has reset before it was accepted', () => {
  it('has no address, harms nobody, and is no Finished [R12][R13]', async () => {
    const listener = await listening()
    const seen: unknown[] = []
    const port = portOf(listener)
    of(listener)
      .pipe(serve(lines(), shout))
      .subscribe(({ connection, closed }) => seen.push([connection.remote, closed.cause._tag]))
    const script = `const c = require('node:net').connect(${String(port)}, '${HOST}', () => c.write('health check\\n', () => c.resetAndDestroy()))` // prettier-ignore
    // while this waits, nobody accepts
    for (let i = 0; i < 3; i++) spawnSync(process.execPath, ['-e', script])
    await until('all sessions', () => seen.length === 3)
    expect(seen).toEqual(Array.from({ length: 3 }, () => [undefined, 'Reset']))
    const neighbour = await peerOf(listener)
    neighbour.end('hello\n')
    expect(await everything(neighbour)).toBe('HELLO\n')
  })
})

describe('FAULTS 0.15: a connection to itself', () => {
  it('is ConnectFailed SELF_CONNECT, never a connection', { timeout: 60_000 }, async ({ skip }) => {
    // Linux gives even local ports to who connects, one after the other
    const first = await listening()
    const port = portOf(first) + (portOf(first) % 2)
    await first.drain()()
    const connecting$ = connect({ host: HOST, port })
    const codes = new Set<string>()
    for (let batch = 0; batch < 800 && !codes.has('SELF_CONNECT'); batch++) {
      const attempts = Array.from({ length: 50 }, () =>
        firstValueFrom(connecting$.pipe(ignoreElements())).catch(({ code }: { code: string }) => codes.add(code)),
      )
      await Promise.all(attempts)
    }
    skip(!codes.has('SELF_CONNECT'), 'the kernel did not play')
    expect([...codes].sort()).toEqual(['ECONNREFUSED', 'SELF_CONNECT'])
  })
})
