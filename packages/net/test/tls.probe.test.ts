import { lines } from '@sluice/protocol'
import { concat, firstValueFrom, NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { speak } from '../src/index.ts'
import { converse, shout } from './support/converse.ts'
import { next } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { stuck } from './support/talking.ts'
import { rawOf, resetUnder, tlsServerPair } from './support/tls.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

describe('what TLS does not tell', () => {
  const waits: Handler<string, string> = (in$) => concat(in$, NEVER)

  it('an end, then a reset that nobody reports, is found within the probe interval [R23]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await tlsServerPair({ probeMs: 1_000, scheduler: clock })
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), waits)))
    peer.resume().end()
    await until('the end', () => connection.remoteEnded)
    resetUnder(peer)
    await turns(20)
    clock.advance(1_001)
    expect((await talk).cause._tag).toBe('Reset')
  })

  it('a reset while paused is found, and who is alive is left alone, however often asked [R23]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await tlsServerPair({ probeMs: 1_000, scheduler: clock })
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), stuck)))
    peer.write(`${'x'.repeat(50)}\n`.repeat(10_000))
    await until('the pause', () => connection.paused && connection.figures.bytesRead > 0)
    for (let i = 0; i < 20; i++) {
      clock.advance(1_001)
      await turns(2)
    }
    connection.write(Buffer.from('still here'))
    expect(await next(peer, 10)).toBe('still here')
    resetUnder(peer)
    await turns(20)
    clock.advance(1_001)
    expect((await talk).cause._tag).toBe('Reset')
  })

  it('F55: a bare FIN is an end like close_notify; only the frame says that it came too early [R13]', async () => {
    const { connection, peer } = await tlsServerPair()
    const talk = converse(connection, shout)
    peer.write('hello\nwor')
    expect(await next(peer, 6)).toBe('HELLO\n')
    // past TLS, as who stands in the middle would
    rawOf(peer).end()
    expect((await talk).cause).toMatchObject({ _tag: 'Truncated', error: { got: 3 } })
  })
})
