import { readFileSync } from 'node:fs'
import { lines } from '@sluice/protocol'
import { firstValueFrom, map, of, range } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { connect, speak } from '../src/index.ts'
import { closing, everything, HOST, listening, pair, peerOf, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const endAfterPeer = (connection: Connection): void => {
  connection.data$.subscribe({ error: () => undefined, complete: () => connection.end() })
}

/** How many of the kernel's TCP sockets at a port are in a state (05: FIN_WAIT2, 08: CLOSE_WAIT). */
const inKernel = (port: number, state: string): number => {
  const at = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  return rows.map((row) => row.trim().split(/\s+/)).filter(([, l, r, s]) => s === state && (l?.endsWith(at) || r?.endsWith(at))).length // prettier-ignore
}

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
