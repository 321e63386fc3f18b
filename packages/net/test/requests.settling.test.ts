import { NotEncodable } from '@sluice/protocol'
import { describe, expect, it } from 'vitest'
import { correlated, pipelined } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const order = pipelined<string, string>()

describe('a request', () => {
  it('fails alone where it cannot be encoded: the connection and all else go on', async () => {
    const { client, arrive } = scene(order)
    const [before, broken, behind] = ['a', 'two\nlines', 'b'].map((text) => settled(client.request(text)))
    const far = arrive()
    expect(await far.hears(2)).toEqual(['a', 'b'])
    far.say('A', 'B')
    await until('all are settled', () => behind?.state !== '?')
    expect([before?.state, behind?.state]).toEqual(['A', 'B'])
    expect(broken?.error).toMatchObject({ _tag: 'RequestNotEncodable', sent: false })
    expect(broken?.error?.cause).toBeInstanceOf(NotEncodable)
    await client.close()
  })

  it('fails alone where the function that gives it an id throws [R27]', async () => {
    const oh = (): string => {
      throw new Error('oh')
    }
    const { client, arrive } = scene(
      correlated<string, string, string>({
        idOf: parseInt,
        withId: (text, id) => (text === 'x' ? oh() : `${String(id)} ${text}`),
      }),
    )
    const [broken, good] = ['x', 'a'].map((text) => settled(client.request(text)))
    const far = arrive()
    expect((await far.hears(1))[0]).toMatch(/ a$/)
    far.say((far.heard[0] ?? '').toUpperCase())
    await until('both are settled', () => good?.state !== '?')
    expect(broken?.error).toMatchObject({
      _tag: 'RequestNotEncodable',
      message: expect.stringContaining('oh') as string,
    })
    await client.close()
  })

  it('is cancelled by its signal, sent or not, and each of many that share it', async () => {
    const { client, arrive } = scene(order, { window: 1 })
    const cancel = new AbortController()
    const options = { signal: cancel.signal }
    const warnings: unknown[] = []
    const warned = (warning: unknown): void => {
      warnings.push(warning)
    }
    process.on('warning', warned)
    const all = Array.from({ length: 20 }, (_, i) => settled(client.request(`n${String(i)}`, options)))
    const far = arrive()
    await far.hears(1)
    cancel.abort('enough')
    await until('all are settled', () => all.every(({ state }) => state !== '?'))
    expect(all.map(({ error }) => error?.sent)).toEqual([true, ...Array<boolean>(19).fill(false)])
    expect(all[0]?.error).toMatchObject({ _tag: 'RequestCancelled', reason: 'enough' })
    far.say('N0')
    await turns()
    expect([far.heard, client.lateAnswers, client.waiting, warnings]).toEqual([['n0'], 1, 0, []])
    process.off('warning', warned)
    await client.close()
  })

  it('is not sent where its signal is aborted already', async () => {
    const { client, dials } = scene(order)
    const one = settled(client.request('a', { signal: AbortSignal.abort('no') }))
    await until('it is settled', () => one.state !== '?')
    expect([one.error?._tag, one.error?.sent, dials.length]).toEqual(['RequestCancelled', false, 0])
    await client.close()
  })

  it('is cancelled when its Observable is unsubscribed, and keeps its place where order counts [R14]', async () => {
    const { client, arrive } = scene(order)
    const seen: string[] = []
    const left = client.request$('left').subscribe((line) => seen.push(line))
    const next = settled(client.request('next'))
    const far = arrive()
    await far.hears(2)
    left.unsubscribe()
    far.say('LEFT', 'NEXT')
    await until('the answer', () => next.state !== '?')
    expect([seen, next.state, client.lateAnswers]).toEqual([[], 'NEXT', 1])
    await client.close()
  })

  it('is asked at each run of its task, and at each subscription [R26]', async () => {
    const { client, arrive } = scene(order)
    const task = client.request('a')
    const again$ = client.request$('b')
    expect([client.waiting, client.inFlight]).toEqual([0, 0])
    void task()
    void task()
    again$.subscribe({ error: () => undefined })
    expect(await arrive().hears(3)).toEqual(['a', 'a', 'b'])
    await client.close()
  })

  it('is refused where as many wait as may; while a connection is on its way, a window of them besides', async () => {
    const { client, arrive } = scene(order, { window: 2, maxWaiting: 1 })
    const all = ['a', 'b', 'c', 'd'].map((text) => settled(client.request(text)))
    await until('one is settled', () => all.some(({ state }) => state !== '?'))
    expect(all.map(({ state }) => state)).toEqual(['?', '?', '?', 'WindowFull'])
    expect(all[3]?.error).toMatchObject({ sent: false, limit: 1 })
    const far = arrive()
    expect(await far.hears(2)).toEqual(['a', 'b'])
    const another = settled(client.request('e'))
    await until('it is settled', () => another.state !== '?')
    expect(another.state).toBe('WindowFull')
    await client.close()
  })

  it('refuses a time that cannot be, where it is made [R27]', async () => {
    const { client } = scene(order)
    for (const timeoutMs of [0, -1, NaN]) {
      expect(() => client.request('a', { timeoutMs })).toThrow('request(): timeoutMs')
      expect(() => client.request$('a', { timeoutMs })).toThrow('request$(): timeoutMs')
    }
    await client.close()
  })
})
