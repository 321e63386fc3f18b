import { lines } from '@sluice/protocol'
import { firstValueFrom, ignoreElements, map, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { connect, serve } from '../src/index.ts'
import { HOST, listening, peerOf, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

/** A port that nobody listens on. Linux gives even ones to who connects, one after the other. */
const evenPort = async (): Promise<number> => {
  const listener = await listening()
  await listener.drain()()
  return portOf(listener) - (portOf(listener) % 2)
}

describe('FAULTS 0.8: a stalled event loop', () => {
  it('is no time-out: what came meanwhile is read first [R22]', async () => {
    const listener = await listening({ silenceMs: 400 })
    const causes: string[] = []
    of(listener).pipe(serve(lines(), shout)).subscribe(({ closed }) => causes.push(closed.cause._tag)) // prettier-ignore
    const peers = await Promise.all(Array.from({ length: 40 }, () => peerOf(listener)))
    await until('all accepted', () => listener.live === peers.length)
    for (let stall = 0; stall < 2; stall++) {
      for (const peer of peers) peer.write('x\n')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600)
      await turns(3)
    }
    expect(causes).toEqual([])
    expect(listener.live).toBe(peers.length)
  })
})

describe('FAULTS 0.9: keep-alive under a second, which means two hours', () => {
  it('is refused [R16]', () => {
    expect(() => connect({ port: 1, keepAliveMs: 500 })).toThrow('keepAliveMs is 500')
  })
})

describe('FAULTS 0.15: a connection to itself', () => {
  it('is ConnectFailed SELF_CONNECT, never a connection', { timeout: 60_000 }, async ({ skip }) => {
    const codes = new Set<string>()
    for (let round = 0; round < 5 && !codes.has('SELF_CONNECT'); round++) {
      const connecting$ = connect({ host: HOST, port: await evenPort() })
      const attempt = (): Promise<unknown> =>
        firstValueFrom(connecting$.pipe(ignoreElements())).catch(({ code }: { code: string }) => codes.add(code))
      for (let batch = 0; batch < 400 && !codes.has('SELF_CONNECT'); batch++) {
        await Promise.all(Array.from({ length: 50 }, attempt))
      }
    }
    skip(!codes.has('SELF_CONNECT'), 'the kernel did not play')
    expect([...codes].sort()).toEqual(['ECONNREFUSED', 'SELF_CONNECT'])
  })
})
