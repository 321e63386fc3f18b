import { describe, expect, it } from 'vitest'
import { pipelined } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const pushing = pipelined<string, string>({ isPush: (line) => line.startsWith('!') })

describe('pushes$', () => {
  it('connects, and once: when that connection is over, the next request does', async () => {
    const { client, arrive, dials } = scene(pushing)
    const seen: string[] = []
    client.pushes$.subscribe((line) => seen.push(line))
    client.pushes$.subscribe((line) => seen.push(line))
    expect(dials.length).toBe(1)
    const far = arrive()
    far.say('!x')
    await until('both have heard it', () => seen.length === 2)
    far.lose()
    await until('it is lost', () => client.connections === 0)
    await turns()
    expect(dials.length).toBe(1)
    void settled(client.request('a'))
    expect(dials.length).toBe(2)
    await client.close()
  })

  it('keeps so many for who comes first, and then holds the source: nothing is lost, nothing piles up [R3]', async () => {
    const { client, arrive } = scene(pushing, { maxPushes: 2 })
    const one = settled(client.request('a'))
    const far = arrive()
    await far.hears(1)
    far.say('!1', '!2', '!3', 'A', '!4')
    await until('it is held', () => far.connection.paused)
    expect(one.state).toBe('?')
    const seen: string[] = []
    client.pushes$.subscribe((line) => seen.push(line))
    await until('the answer behind them', () => one.state === 'A')
    expect(seen).toEqual(['!1', '!2', '!3', '!4'])
    await client.close()
  })

  it('drops them, where none are to be kept and nobody listens', async () => {
    const { client, arrive } = scene(pushing, { maxPushes: 0 })
    const one = settled(client.request('a'))
    const far = arrive()
    await far.hears(1)
    far.say('!1', '!2', 'A')
    await until('the answer', () => one.state === 'A')
    const seen: string[] = []
    client.pushes$.subscribe((line) => seen.push(line))
    far.say('!3')
    await until('the next', () => seen.length === 1)
    expect(seen).toEqual(['!3'])
    await client.close()
  })

  it('sends what has no answer in its turn, and is done when it is with the connection', async () => {
    const { client, arrive } = scene(pushing)
    const asked = settled(client.request('a'))
    const noted = settled(client.notify('note'))
    const broken = settled(client.notify('two\nlines'))
    await turns()
    expect(noted.state).toBe('?')
    const far = arrive()
    expect(await far.hears(2)).toEqual(['a', 'note'])
    await until('both are settled', () => noted.state === 'undefined' && broken.state !== '?')
    expect([asked.state, client.inFlight, broken.state]).toEqual(['?', 1, 'RequestNotEncodable'])
    await client.close()
  })
})
