import { describe, expect, it } from 'vitest'
import type { RequestError } from '../src/index.ts'
import { backoff, ConnectFailed, pipelined, streaming } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const order = pipelined<string, string>()
const again = backoff({ initialMs: 50, jitter: 'none', attempts: 2 })

describe('a client that loses its connection', () => {
  it('fails what was sent with the cause, and keeps what was not for the next connection [R10]', async () => {
    const { client, arrive, dials } = scene(order, { window: 1 })
    const [sent, waiting] = ['sent', 'waiting'].map((text) => settled(client.request(text)))
    const first = arrive()
    await first.hears(1)
    first.lose()
    await until('it is lost', () => sent?.state !== '?')
    expect(sent?.error).toMatchObject({ _tag: 'RequestLost', sent: true, reason: { _tag: 'Reset' } })
    await until('it dials again', () => dials.length === 2)
    const second = arrive()
    expect(await second.hears(1)).toEqual(['waiting'])
    second.say('WAITING')
    await until('the answer', () => waiting?.state === 'WAITING')
    await client.close()
  })

  it('replays nothing by itself, also not what is marked idempotent', async () => {
    const { client, arrive, dials } = scene(order, {}, 'again')
    const lost = settled(client.request('once', { idempotent: true }))
    const first = arrive()
    await first.hears(1)
    first.end()
    await until('it is lost', () => lost.state === 'RequestLost')
    expect(lost.error).toMatchObject({ sent: true, reason: { _tag: 'Finished' } })
    const second = arrive()
    const next = settled(client.request('next'))
    expect(await second.hears(1)).toEqual(['next'])
    expect(dials.length).toBe(1)
    second.say('NEXT')
    await until('the answer', () => next.state === 'NEXT')
    await client.close()
  })

  it('asks again, after a wait, what is marked idempotent and nothing else, where there is a retry', async () => {
    const { client, arrive, dials, clock } = scene(order, { retry: again })
    const may = settled(client.request('may', { idempotent: true }))
    const mayNot = settled(client.request('may not'))
    const first = arrive()
    await first.hears(2)
    first.lose()
    await until('one is lost', () => mayNot.state === 'RequestLost')
    expect([may.state, client.waiting, dials.length]).toEqual(['?', 1, 1])
    clock.advance(50)
    const second = arrive()
    expect(await second.hears(1)).toEqual(['may'])
    second.say('MAY')
    await until('the answer', () => may.state === 'MAY')
    await client.close()
  })

  it('gives up with the last cause when the attempts are used up, or the time is', async () => {
    const { client, arrive, clock } = scene(order, { retry: again })
    const attempts = settled(client.request('a', { idempotent: true }))
    const time = settled(client.request('b', { idempotent: true, timeoutMs: 60 }))
    for (let i = 0; i < 3; i++) {
      const far = arrive()
      await far.hears(1)
      far.lose()
      await until('it is gone', () => client.inFlight === 0)
      clock.advance(i === 2 ? 0 : 100)
    }
    await until('both are settled', () => attempts.state !== '?' && time.state !== '?')
    expect(attempts.error).toMatchObject({ _tag: 'RequestLost', sent: true })
    expect(time.error).toMatchObject({ _tag: 'RequestTimedOut', sent: true })
    await client.close()
  })

  it('fails those that wait where no connection can be made, and tries anew for the next', async () => {
    const { client, arrive, dials } = scene(order)
    const refused = settled(client.request('a'))
    dials[0]?.error(new ConnectFailed('x:1', 'ECONNREFUSED', 'refused'))
    await until('it is settled', () => refused.state !== '?')
    expect(refused.error).toMatchObject({
      _tag: 'RequestLost',
      sent: false,
      reason: { _tag: 'ConnectFailed', error: { code: 'ECONNREFUSED' } },
    })
    const next = settled(client.request('b'))
    expect(dials.length).toBe(2)
    const far = arrive()
    await far.hears(1)
    far.say('B')
    await until('the answer', () => next.state === 'B')
    await client.close()
  })

  it('waits while its source comes back by itself, in the time of the request', async () => {
    const { client, arrive, clock } = scene(order, { timeoutMs: 100 }, 'again')
    const first = settled(client.request('a'))
    const far = arrive()
    await far.hears(1)
    far.lose()
    await until('it is lost', () => first.state === 'RequestLost')
    const waits = settled(client.request('b'))
    await turns()
    expect(waits.state).toBe('?')
    clock.advance(200)
    await until('its time is over', () => waits.state !== '?')
    expect(waits.error).toMatchObject({ _tag: 'RequestTimedOut', sent: false })
    const next = arrive()
    await turns()
    expect(next.heard).toEqual([])
    await client.close()
  })

  it('does not ask again once a part of the answer was passed on', async () => {
    const parts = streaming(order, { isLast: (line) => line.endsWith('.') })
    const { client, arrive } = scene(parts, { retry: again })
    const seen: unknown[] = []
    client.request$('a', { idempotent: true }).subscribe({
      next: (line) => seen.push(line),
      error: (error: unknown) => seen.push((error as RequestError)._tag),
    })
    const far = arrive()
    await far.hears(1)
    far.say('A')
    await until('the part', () => seen.length === 1)
    far.lose()
    await until('it is lost', () => seen.length === 2)
    expect(seen).toEqual(['A', 'RequestLost'])
    await client.close()
  })
})
