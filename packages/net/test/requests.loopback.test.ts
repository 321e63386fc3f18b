import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { EMPTY, Observable, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectOptions, RequestError } from '../src/index.ts'
import { backoff, client, connect, pipelined, reconnect } from '../src/index.ts'
import { farEnd, settled } from './requests/farEnd.ts'
import { HOST, next, plainServer } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const order = pipelined<string, string>()
const to = (port: number, more: ConnectOptions = {}) => connect({ port, host: HOST, ...more })

describe('a client over loopback', () => {
  it('waits for its peer to read, and is never put out for what it sends [R7]', async () => {
    const { port, accepted } = await plainServer()
    const asking = client(to(port, { highWaterMark: 1024, maxUnsentBytes: 4096 }), lines(), order, {
      window: 500,
      maxWaiting: 5_000,
    })
    const question = 'x'.repeat(2_000)
    const all = Array.from({ length: 5_000 }, () => settled(asking.request(question)))
    const peer = await accepted
    await until('the way is full', () => asking.connections === 1)
    await turns(50)
    expect(asking.waiting).toBeGreaterThan(4_000)
    let heard = 0
    let answered = 0
    peer.on('data', (chunk: Buffer) => {
      heard += chunk.length
      for (; answered < Math.floor(heard / 2_001); answered++) peer.write('ok\n')
    })
    peer.on('end', () => peer.end()).resume()
    await until('all are answered', () => all.every(({ state }) => state === 'ok'))
    await asking.close()
  })

  it('tells why a connection could not be made', async () => {
    const asking = client(to(1), lines(), order)
    const refused = await asking.request('a')()
    expect(refused).toMatchObject(
      E.left({ _tag: 'RequestLost', sent: false, reason: { _tag: 'ConnectFailed', error: { code: 'ECONNREFUSED' } } }),
    )
    await asking.close()
  })

  it('comes back by reconnect: what was sent is lost, what comes later is answered', async () => {
    const first = await plainServer()
    const again = backoff({ initialMs: 1, jitter: 'none' })
    let port = first.port
    const source$ = new Observable<Connection>((subscriber) => to(port).subscribe(subscriber))
    const asking = client(source$.pipe(reconnect(again)), lines(), order)
    const lost = settled(asking.request('a'))
    const peer = (await first.accepted).resume()
    expect(await next(peer, 2)).toBe('a\n')
    const second = await plainServer()
    port = second.port
    peer.resetAndDestroy()
    await until('it is lost', () => lost.state !== '?')
    expect(lost.error).toMatchObject({ _tag: 'RequestLost', sent: true, reason: { _tag: 'Reset' } })
    const answer = asking.request('b')()
    const other = (await second.accepted).resume()
    expect(await next(other, 2)).toBe('b\n')
    other.write('B\n')
    expect(await answer).toEqual(E.right('B'))
    other.on('end', () => other.end())
    await asking.close()
  })

  it('leaves no timer behind when nothing is asked any more [R14]', async () => {
    const { port, accepted } = await plainServer()
    const asking = client(to(port), lines(), order)
    const answer = asking.request('a', { timeoutMs: 60_000 })()
    const peer = (await accepted).resume()
    await next(peer, 2)
    peer.end('A\n')
    expect(await answer).toEqual(E.right('A'))
    await until('it is over', () => asking.connections === 0)
    // nothingLeft() finds the rest
  })
})

describe('a connection that is given', () => {
  it('is asked, and when it is over each request fails at once: there is no other', async () => {
    const far = farEnd(new VirtualClock())
    const asking = client(of(far.connection), lines(), order)
    const one = settled(asking.request('a'))
    await far.hears(1)
    far.end()
    await until('it is lost', () => one.state !== '?')
    const late = settled(asking.request('b'))
    await until('it is settled', () => late.state !== '?')
    expect([one.error, late.error]).toMatchObject([
      { _tag: 'RequestLost', sent: true },
      { _tag: 'RequestLost', sent: false },
    ])
    await asking.close()
  })

  it('is looked for anew for what is asked from inside of a failure', async () => {
    let dials = 0
    const source$ = new Observable<Connection>((subscriber) => {
      dials++
      subscriber.complete()
    })
    const asking = client(source$, lines(), order)
    const seen: unknown[] = []
    const failed = (error: unknown): number => seen.push((error as RequestError)._tag)
    const again = (error: unknown): void => {
      failed(error)
      asking.request$('b').subscribe({ error: failed })
    }
    asking.request$('a').subscribe({ error: again })
    await until('both have failed', () => seen.length === 2)
    expect([seen, dials]).toEqual([['RequestLost', 'RequestLost'], 2])
    await asking.close()
  })

  it('is not there, where its source is empty', async () => {
    const asking = client(EMPTY, lines(), order)
    expect(await asking.request('a')()).toMatchObject(
      E.left({ _tag: 'RequestLost', sent: false, reason: { error: { code: 'NO_CONNECTION' } } }),
    )
    await asking.close()
  })
})
