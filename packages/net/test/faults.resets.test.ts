import { stuck } from './support/talking.ts'
import { spawnSync } from 'node:child_process'
import { lines } from '@sluice/protocol'
import { concat, firstValueFrom, map, NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { serve, speak } from '../src/index.ts'
import { everything, HOST, listening, pair, peerOf, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

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
