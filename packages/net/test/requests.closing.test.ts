import { describe, expect, it } from 'vitest'
import { pipelined } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

const order = pipelined<string, string>()

describe('closing a client', () => {
  it('settles all that is left, sends none of what waited, and says goodbye', async () => {
    const { client, arrive } = scene(order, { window: 1 })
    const [sent, waiting] = ['sent', 'waiting'].map((text) => settled(client.request(text)))
    const pushes: string[] = []
    client.pushes$.subscribe({ complete: () => pushes.push('completed') })
    const far = arrive()
    await far.hears(1)
    await client.close()
    expect([sent?.error, waiting?.error]).toMatchObject([
      { _tag: 'ClientClosed', sent: true },
      { _tag: 'ClientClosed', sent: false },
    ])
    expect([far.heard, pushes, (await closing(far.connection)).cause._tag]).toEqual([
      ['sent'],
      ['completed'],
      'Finished',
    ])
  })

  it('lets what is in hand be answered, in the time it is given, and takes nothing new', async () => {
    const { client, arrive } = scene(order, { window: 1 })
    const all = ['a', 'b'].map((text) => settled(client.request(text)))
    const far = arrive()
    await far.hears(1)
    const closed = client.close({ withinMs: 1_000 })
    const late = settled(client.request('late'))
    await until('it is settled', () => late.state !== '?')
    expect(late.error).toMatchObject({ _tag: 'ClientClosed', sent: false })
    far.say('A')
    await far.hears(2)
    far.say('B')
    await closed
    expect(all.map(({ state }) => state)).toEqual(['A', 'B'])
  })

  it('settles what is not answered in that time, and at once when it is closed again', async () => {
    for (const how of ['time', 'again']) {
      const { client, arrive, clock } = scene(order)
      const one = settled(client.request('a'))
      await arrive().hears(1)
      const closed = client.close({ withinMs: 1_000 })
      if (how === 'time') clock.advance(1_001)
      else void client.close()
      await closed
      expect(one.state).toBe('ClientClosed')
    }
  })

  it('ends a connect that is on its way, and what never connected is closed at once', async () => {
    const { client, dials } = scene(order)
    await client.close()
    const other = scene(order)
    const waits = settled(other.client.request('a'))
    await other.client.close()
    expect([dials.length, other.dials[0]?.closed, waits.state]).toEqual([0, true, 'ClientClosed'])
  })

  it('is what await using does', async () => {
    const { client } = scene(order)
    await client[Symbol.asyncDispose]()
    const one = settled(client.request('a'))
    await until('it is settled', () => one.state !== '?')
    expect(one.state).toBe('ClientClosed')
  })
})
