import { describe, expect, it } from 'vitest'
import { pipelined } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

const order = pipelined<string, string>()

describe('pipelined', () => {
  it('gives each request its answer, in order', async () => {
    const { client, arrive } = scene(order)
    const [a, b, c] = ['a', 'b', 'c'].map((text) => settled(client.request(text)))
    const far = arrive()
    expect(await far.hears(3)).toEqual(['a', 'b', 'c'])
    far.say('A', 'B')
    await until('two answers', () => b?.state === 'B')
    expect([a?.state, c?.state, client.inFlight]).toEqual(['A', '?', 1])
    far.say('C')
    await until('the third', () => c?.state === 'C')
    await client.close()
  })

  it('lets a request that timed out keep its place: its late answer is nobody else’s', async () => {
    const { client, arrive, clock } = scene(order)
    const late = settled(client.request('late', { timeoutMs: 100 }))
    const next = settled(client.request('next'))
    const far = arrive()
    await far.hears(2)
    clock.advance(200)
    await until('it is settled', () => late.state !== '?')
    expect([late.state, late.error?.sent, client.inFlight]).toEqual(['RequestTimedOut', true, 2])
    far.say('LATE', 'NEXT')
    await until('the answer', () => next.state !== '?')
    expect([next.state, client.lateAnswers, client.inFlight]).toEqual(['NEXT', 1, 0])
    await client.close()
  })

  it('sends no more than its window, those that nobody waits for counted', async () => {
    const { client, arrive, clock } = scene(order, { window: 2 })
    const late = settled(client.request('a', { timeoutMs: 100 }))
    const rest = ['b', 'c', 'd'].map((text) => settled(client.request(text)))
    const far = arrive()
    await far.hears(2)
    clock.advance(200)
    await until('it is settled', () => late.state !== '?')
    expect([far.heard, client.inFlight, client.waiting]).toEqual([['a', 'b'], 2, 2])
    far.say('A')
    expect(await far.hears(3)).toEqual(['a', 'b', 'c'])
    far.say('B', 'C')
    await far.hears(4)
    far.say('D')
    await until('all are answered', () => rest.every(({ state }) => state !== '?'))
    expect(rest.map(({ state }) => state)).toEqual(['B', 'C', 'D'])
    await client.close()
  })

  it('breaks off where an answer comes that nothing was asked for: none could be trusted after it [R12]', async () => {
    const { client, arrive } = scene(order)
    const first = settled(client.request('a'))
    const far = arrive()
    await far.hears(1)
    far.say('A', 'A again')
    await until('the answer', () => first.state === 'A')
    const closed = await closing(far.connection)
    expect(closed.cause).toMatchObject({
      _tag: 'HandlerFailed',
      error: { _tag: 'UnexpectedAnswer', answer: 'A again' },
    })
    await client.close()
  })

  it('tells pushes from answers where it is told how', async () => {
    const pushing = pipelined<string, string>({ isPush: (line) => line.startsWith('!') })
    const { client, arrive } = scene(pushing)
    const pushes: string[] = []
    client.pushes$.subscribe((line) => pushes.push(line))
    const one = settled(client.request('a'))
    const far = arrive()
    await far.hears(1)
    far.say('!x', 'A', '!y')
    await until('all is heard', () => pushes.length === 2)
    expect([pushes, one.state]).toEqual([['!x', '!y'], 'A'])
    await client.close()
  })
})
