import { describe, expect, it } from 'vitest'
import { correlated, currentGate, pipelined, streaming } from '../src/index.ts'
import type { Gate, RequestError } from '../src/index.ts'
import { scene, settled } from './requests/farEnd.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const isLast = (line: string): boolean => line.endsWith('.')
const inOrder = streaming(pipelined<string, string>(), { isLast })
const byId = streaming(
  correlated<string, string, string>({ idOf: parseInt, withId: (text, id) => `${String(id)} ${text}` }),
  { isLast },
)

describe('streaming', () => {
  it('emits each answer up to the last one, and completes; request gives the last', async () => {
    const { client, arrive } = scene(byId)
    const seen: string[] = []
    client.request$('a').subscribe({ next: (line) => seen.push(line), complete: () => seen.push('completed') })
    const last = settled(client.request('b'))
    const far = arrive()
    await far.hears(2)
    far.say('1 A', '2 B', '1 AA', '2 B.')
    await until('the last answer', () => last.state !== '?')
    expect([seen, last.state, client.inFlight]).toEqual([['1 A', '1 AA'], '2 B.', 1])
    far.say('1 A.', '1 late')
    await until('the end', () => seen.length === 4)
    expect(seen).toEqual(['1 A', '1 AA', '1 A.', 'completed'])
    await client.close()
  })

  it('keeps the place of who left until the last of its answers', async () => {
    const { client, arrive } = scene(inOrder)
    const seen: string[] = []
    const left = client.request$('a').subscribe((line) => {
      seen.push(line)
      left.unsubscribe()
    })
    const next = settled(client.request('b'))
    const far = arrive()
    await far.hears(2)
    far.say('A', 'AA', 'A.', 'B.')
    await until('the answer', () => next.state !== '?')
    expect([seen, next.state, client.lateAnswers]).toEqual([['A'], 'B.', 2])
    await client.close()
  })

  it('begins the time of a request anew with each answer, and does not count while this side does not read [R21]', async () => {
    const { client, arrive, clock } = scene(inOrder, { timeoutMs: 100 })
    const seen: string[] = []
    let gate: Gate | null = null
    client.request$('a').subscribe({
      next: (line) => {
        seen.push(line)
        gate = currentGate()
        if (seen.length === 3) gate?.hold(seen)
      },
      error: (error: unknown) => seen.push((error as RequestError)._tag),
    })
    const far = arrive()
    await far.hears(1)
    for (const count of [1, 2, 3]) {
      clock.advance(90)
      far.say('A')
      await until('an answer', () => seen.length === count)
    }
    clock.advance(500)
    expect(seen.length).toBe(3)
    const held = gate as Gate | null
    held?.release(seen)
    clock.advance(300)
    expect(seen).toEqual(['A', 'A', 'A', 'RequestTimedOut'])
    await client.close()
  })

  it('is held by a full sink: not one answer more [R3]', async () => {
    const { client, arrive } = scene(inOrder)
    const seen: string[] = []
    let gate: Gate | null = null
    client.request$('a').subscribe((line) => {
      seen.push(line)
      gate = currentGate()
      if (seen.length === 2) gate?.hold(seen)
    })
    const far = arrive()
    await far.hears(1)
    far.say('1', '2', '3', '4.')
    await until('two answers', () => seen.length === 2)
    await turns()
    expect(seen).toEqual(['1', '2'])
    const held = gate as Gate | null
    held?.release(seen)
    expect(seen).toEqual(['1', '2', '3', '4.'])
    await client.close()
  })
})
