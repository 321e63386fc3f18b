import { describe, expect, it } from 'vitest'
import { correlated } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

/** `7 text`: an id, and the rest. */
const byId = (more: { readonly maxId?: number; readonly cancel?: (id: number) => string } = {}) =>
  correlated<string, string, string>({
    idOf: (line) => (line.startsWith('!') ? undefined : parseInt(line)),
    withId: (text, id) => `${String(id)} ${text}`,
    ...more,
  })

describe('correlated', () => {
  it('gives each request its answer, in any order', async () => {
    const { client, arrive } = scene(byId())
    const [a, b, c] = ['a', 'b', 'c'].map((text) => settled(client.request(text)))
    const far = arrive()
    expect(await far.hears(3)).toEqual(['1 a', '2 b', '3 c'])
    far.say('3 C', '1 A', '2 B')
    await until('all are answered', () => b?.state !== '?')
    expect([a?.state, b?.state, c?.state]).toEqual(['1 A', '2 B', '3 C'])
    await client.close()
  })

  it('drops a late answer, one that was given before, and one to an id that never was', async () => {
    const { client, arrive, clock } = scene(byId())
    const late = settled(client.request('late', { timeoutMs: 100 }))
    const next = settled(client.request('next'))
    const far = arrive()
    await far.hears(2)
    clock.advance(200)
    await until('it is settled', () => late.state !== '?')
    expect([late.state, late.error?.sent, client.inFlight]).toEqual(['RequestTimedOut', true, 1])
    far.say('1 LATE', '1 LATE', '77 WHAT', '2 NEXT')
    await until('the answer', () => next.state !== '?')
    expect([next.state, client.lateAnswers]).toEqual(['2 NEXT', 3])
    await client.close()
  })

  it('gives no id again while its answer may still come', async () => {
    const { client, arrive, clock } = scene(byId({ maxId: 3 }))
    const late = settled(client.request('late', { timeoutMs: 100 }))
    const far = arrive()
    await far.hears(1)
    clock.advance(200)
    await until('it is settled', () => late.state !== '?')
    for (const [i, text] of ['2 a', '3 b', '2 c', '3 d'].entries()) {
      const one = settled(client.request(text.slice(2)))
      expect((await far.hears(i + 2)).at(-1)).toBe(text)
      far.say(text)
      await until('the answer', () => one.state === text)
    }
    far.say('1 LATE')
    await until('the late one', () => client.lateAnswers === 1)
    void settled(client.request('e'))
    expect((await far.hears(6)).at(-1)).toBe('1 e')
    await client.close()
  })

  it('waits for an id where all are taken', async () => {
    const { client, arrive } = scene(byId({ maxId: 2 }))
    const all = ['a', 'b', 'c'].map((text) => settled(client.request(text)))
    const far = arrive()
    await far.hears(2)
    expect([client.inFlight, client.waiting]).toEqual([2, 1])
    far.say('2 B')
    expect(await far.hears(3)).toEqual(['1 a', '2 b', '2 c'])
    far.say('1 A', '2 C')
    await until('all are answered', () => all.every(({ state }) => state !== '?'))
    expect(all.map(({ state }) => state)).toEqual(['1 A', '2 B', '2 C'])
    await client.close()
  })

  it('tells the peer that nobody waits any more, of what was sent only', async () => {
    const { client, arrive, clock } = scene(byId({ cancel: (id) => `cancel ${String(id)}` }), { window: 1 })
    const sent = settled(client.request('sent', { timeoutMs: 100 }))
    const waiting = settled(client.request('waiting', { timeoutMs: 100 }))
    const far = arrive()
    await far.hears(1)
    clock.advance(200)
    await until('both are settled', () => sent.state !== '?' && waiting.state !== '?')
    expect([sent.error?.sent, waiting.error?.sent]).toEqual([true, false])
    void settled(client.request('next'))
    expect(await far.hears(3)).toEqual(['1 sent', 'cancel 1', '2 next'])
    await client.close()
  })

  it('takes what has no id for a push', async () => {
    const { client, arrive } = scene(byId())
    const pushes: string[] = []
    client.pushes$.subscribe((line) => pushes.push(line))
    arrive().say('!one', '!two')
    await until('both pushes', () => pushes.length === 2)
    expect(pushes).toEqual(['!one', '!two'])
    await client.close()
  })
})
