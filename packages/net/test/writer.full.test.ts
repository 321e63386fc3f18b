import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConnectionEvent, ConnectionOptions } from '../src/index.ts'
import { createGate, fromDuplex, WriterFull } from '../src/index.ts'
import { closing } from './support/loopback.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

/** A connection whose peer reads nothing, with one message of two bytes on its way. */
const stalled = async (options: ConnectionOptions) => {
  const wire = new Wire()
  wire.stall()
  const connection = fromDuplex(wire, options)
  const events: ConnectionEvent[] = []
  connection.events$.subscribe((event) => events.push(event))
  const say = (text: string) => connection.send(lines(), text)
  say('0')
  await turns()
  const drops = () => events.flatMap((event) => (event._tag === 'Dropped' ? [event.messages] : []))
  return { wire, connection, say, drops }
}

describe("whenFull 'hold'", () => {
  it('holds the gate that feeds it from the high-water mark on, and releases it when drained [R3][R7]', async () => {
    const { wire, connection, say } = await stalled({ highWaterMark: 6 })
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const feed = (text: string): void => {
      gate.run(() => {
        say(text)
      })
    }
    feed('a')
    expect([connection.full, told]).toEqual([false, []])
    feed('b')
    expect([connection.full, told]).toEqual([true, ['pause']])
    wire.drain()
    await turns()
    expect([connection.full, told]).toEqual([false, ['pause', 'resume']])
    expect(wire.text).toBe('0\na\nb\n')
    connection.abort()
  })

  it('holds every source that feeds it, each once, and no other [R3][R7]', async () => {
    const { wire, connection, say } = await stalled({ highWaterMark: 2 })
    const told: string[] = []
    const gates = ['a', 'b', 'c'].map((name) =>
      createGate({ pause: () => told.push(`pause ${name}`), resume: () => told.push(`resume ${name}`) }),
    )
    for (const gate of [gates[0], gates[1], gates[0]]) gate?.run(() => void say('x'))
    expect(told).toEqual(['pause a', 'pause b'])
    wire.drain()
    await turns()
    expect(told).toEqual(['pause a', 'pause b', 'resume a', 'resume b'])
    connection.abort()
  })

  it('lets everybody go when the connection is closed [R3][R14]', async () => {
    const { connection, say } = await stalled({ highWaterMark: 2 })
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    gate.run(() => void say('x'))
    connection.abort()
    await closing(connection)
    expect(told).toEqual(['pause', 'resume'])
  })
})

for (const whenFull of ['hold', 'fail'] as const) {
  describe(`whenFull '${whenFull}', where no gate feeds it`, () => {
    it('refuses what comes over the bound and puts the peer out, with that cause [R7][R10]', async () => {
      const { connection, say } = await stalled({ whenFull, maxUnsentBytes: 6 })
      expect([say('a'), say('b')]).toEqual([E.right(undefined), E.right(undefined)])
      expect(say('c')).toEqual(E.left(new WriterFull(6, 6)))
      expect(say('d')).toMatchObject({ left: { _tag: 'NotWritable', why: 'closed' } })
      const { cause, figures } = await closing(connection)
      expect(cause).toEqual({ _tag: 'Overflowed', limit: 6, unsentBytes: 6 })
      expect(figures).toMatchObject({ bytesWritten: 0, bytesUnsent: 6 })
    })
  })
}

describe("whenFull 'fail'", () => {
  it('holds nobody: who feeds it goes on [R7]', async () => {
    const { connection, say } = await stalled({ whenFull: 'fail', highWaterMark: 2 })
    const told: string[] = []
    createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') }).run(() => void say('x'))
    expect(told).toEqual([])
    connection.abort()
  })
})

describe("whenFull 'dropNewest'", () => {
  it('drops what comes over the bound, counts it and tells it [R7]', async () => {
    const { wire, connection, say, drops } = await stalled({ whenFull: 'dropNewest', maxUnsentBytes: 6 })
    for (const text of ['a', 'b', 'c', 'd']) expect(say(text)).toEqual(E.right(undefined))
    expect(drops()).toEqual([1, 1])
    expect(connection.figures.dropped).toBe(2)
    wire.drain()
    await turns()
    say('e')
    await turns()
    expect(wire.text).toBe('0\na\nb\ne\n')
    connection.abort()
  })
})

describe("whenFull 'dropOldest'", () => {
  it('drops what has waited longest, never what is on its way, counts it and tells it [R7]', async () => {
    const { wire, connection, say, drops } = await stalled({ whenFull: 'dropOldest', maxUnsentBytes: 6 })
    for (const text of ['a', 'b', 'c', 'd']) expect(say(text)).toEqual(E.right(undefined))
    expect(drops()).toEqual([1, 1])
    expect(connection.figures.dropped).toBe(2)
    wire.drain()
    await turns()
    say('e')
    await turns()
    expect(wire.text).toBe('0\nc\nd\ne\n')
    connection.abort()
  })

  it('drops several small ones for one large, and takes a message over the bound alone [R7]', async () => {
    const { wire, connection, say, drops } = await stalled({ whenFull: 'dropOldest', maxUnsentBytes: 8 })
    for (const text of ['a', 'b', 'c']) say(text)
    say('12345678')
    expect(drops()).toEqual([3])
    wire.drain()
    await turns()
    expect(wire.text).toBe('0\n12345678\n')
    connection.abort()
  })

  it('keeps what waits in memory of its own size, not in whole slabs [R7]', async () => {
    const { wire, connection } = await stalled({ whenFull: 'dropOldest', maxUnsentBytes: 100_000 })
    for (let i = 0; i < 1_000; i++) connection.write(Buffer.from('0123456789'))
    wire.drain()
    await turns()
    const held = new Set(wire.parts.slice(1).map((part) => part.buffer))
    const bytes = [...held].reduce((sum, memory) => sum + memory.byteLength, 0)
    expect(bytes).toBeLessThanOrEqual(20_000)
    connection.abort()
  })

  it('flushes what waits at the end of our side [R9]', async () => {
    const { wire, connection, say } = await stalled({ whenFull: 'dropOldest', maxUnsentBytes: 6 })
    for (const text of ['a', 'b', 'c']) say(text)
    connection.end()
    wire.drain()
    await turns()
    expect(wire.text).toBe('0\nb\nc\n')
    connection.abort()
  })
})

describe('every policy', () => {
  const policy = fc.constantFrom('hold', 'fail', 'dropNewest', 'dropOldest')
  const LONGEST = '40:xxxxxxxxx\n'.length
  const step = fc.oneof(fc.nat({ max: 9 }), fc.constantFrom('take', 'turn'))

  it('puts whole messages on the wire, in order, and keeps within its bound [R6][R7]', async () => {
    const property = fc.asyncProperty(policy, fc.array(step, { maxLength: 40 }), async (whenFull, steps) => {
      const { wire, connection } = await stalled({ whenFull, maxUnsentBytes: 16, highWaterMark: 8 })
      let sent = 0
      let refused = false
      for (const one of steps) {
        if (one === 'take') wire.drainOnce()
        else if (one === 'turn') await turns(2)
        else refused ||= E.isLeft(connection.send(lines(), `${String(++sent)}:${'x'.repeat(one)}`))
        expect(connection.unsentBytes).toBeLessThanOrEqual(16 + LONGEST * (whenFull === 'dropOldest' ? 2 : 1))
      }
      wire.drain()
      await turns(3)
      const arrived = wire.text.split('\n').slice(1, -1)
      const numbers = arrived.map((text) => Number(text.split(':')[0]))
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      expect(arrived.every((text) => /^\d+:x{0,9}$/.test(text))).toBe(true)
      if (!refused) expect(arrived.length + connection.figures.dropped).toBe(sent)
      connection.abort()
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
