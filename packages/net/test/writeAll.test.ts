import { lines } from '@sluice/protocol'
import { lastValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex, writeAll } from '../src/index.ts'
import { closing, everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const protocol = lines()

/** Lines for ever, counted, and whether they were left. */
const endless = (size = 1_000) => {
  const seen = { made: 0, left: false }
  const generate = async function* () {
    try {
      for (;;) {
        await Promise.resolve()
        yield `${String(seen.made++)} `.padEnd(size - 1, 'x')
      }
    } finally {
      seen.left = true
    }
  }
  return { seen, items: generate() }
}

describe('writeAll', () => {
  it('writes every item, ends our side, and says how many there were [R6][R9]', async () => {
    const { connection, peer } = await pair()
    const got = everything(peer)
    expect(await lastValueFrom(writeAll(connection, ['a', 'b', 'c'], { protocol }))).toBe(3)
    expect(connection.localEnded).toBe(true)
    expect(await got).toBe('a\nb\nc\n')
  })

  it('writes bytes where no protocol is given, and leaves our side open where it is told to [R9]', async () => {
    const { connection, peer } = await pair()
    expect(await lastValueFrom(writeAll(connection, [Buffer.from('he'), Buffer.from('llo')], { end: false }))).toBe(2)
    expect(await next(peer, 5)).toBe('hello')
    expect(await lastValueFrom(writeAll(connection, []))).toBe(0)
    expect(await everything(peer)).toBe('')
  })

  it.each(['hold', 'fail', 'dropNewest', 'dropOldest'] as const)(
    'asks for the next item only when there is room, where whenFull is %s [R3][R7]',
    async (whenFull) => {
      const wire = new Wire()
      wire.stall()
      const connection = fromDuplex(wire, { whenFull, highWaterMark: 4_000, maxUnsentBytes: 8_000 })
      const { seen, items } = endless()
      const writing = writeAll(connection, items, { protocol }).subscribe()
      await until('it to be full', () => connection.full)
      for (let round = 0; round < 20; round++) {
        await turns(20)
        expect(connection.unsentBytes).toBeLessThanOrEqual(5_000)
        expect(seen.made).toBeLessThanOrEqual(4 * (round + 2))
        wire.drainOnce()
      }
      expect(seen.made).toBeGreaterThan(20)
      writing.unsubscribe()
      const numbers = wire.text.split('\n').slice(0, -1).map((line) => Number(line.split(' ')[0])) // prettier-ignore
      expect(numbers).toEqual(numbers.map((_, i) => i))
      connection.abort()
    },
  )

  it('gets its turn although another source floods the same connection [R3][R7]', async () => {
    const wire = new Wire()
    wire.stall()
    const connection = fromDuplex(wire, { highWaterMark: 4_000 })
    const [flood, other] = [endless(), endless()]
    const both = [flood, other].map(({ items }) => writeAll(connection, items, { protocol }).subscribe())
    for (let round = 0; round < 20; round++) {
      await until('it to be full', () => connection.full)
      await turns(5)
      wire.drainOnce()
    }
    expect(other.seen.made).toBeGreaterThan(20)
    expect(flood.seen.made).toBeGreaterThan(20)
    for (const one of both) one.unsubscribe()
    connection.abort()
  })

  it('lets the event loop turn however fast the items come', async () => {
    const { connection, peer } = await pair()
    let made = 0
    const items = (function* () {
      for (;;) yield String(made++)
    })()
    peer.resume()
    const writing = writeAll(connection, items, { protocol }).subscribe()
    await turns(5)
    expect(made).toBeGreaterThan(0)
    writing.unsubscribe()
  })

  it('leaves the iteration when the connection breaks [R8][R14]', async () => {
    const { connection, peer } = await pair({ probeMs: 5 })
    const { seen, items } = endless()
    const writing = lastValueFrom(writeAll(connection, items, { protocol }))
    await until('it to be full', () => connection.full)
    peer.resetAndDestroy()
    await expect(writing).rejects.toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } })
    await until('the return', () => seen.left)
  })

  it('leaves the iteration when it is unsubscribed, and the connection as it is [R14]', async () => {
    const { connection, peer } = await pair()
    const { seen, items } = endless()
    const writing = writeAll(connection, items, { protocol }).subscribe()
    await until('some', () => seen.made > 3)
    writing.unsubscribe()
    await until('the return', () => seen.left)
    expect((await next(peer, 2)).startsWith('0 ')).toBe(true)
    connection.abort()
    await closing(connection)
  })

  it('asks nobody for anything where the connection is over already [R8]', async () => {
    const { connection } = await pair()
    connection.abort()
    await closing(connection)
    const { seen, items } = endless()
    await expect(lastValueFrom(writeAll(connection, items, { protocol }))).rejects.toMatchObject({
      _tag: 'ConnectionLost',
    })
    expect(seen.made).toBe(0)
  })

  it('fails with what the iterator throws, and does not end our side for it [R27]', async () => {
    const { connection, peer } = await pair()
    const error = new Error('oh')
    const items = (function* () {
      yield 'a'
      throw error
    })()
    await expect(lastValueFrom(writeAll(connection, items, { protocol }))).rejects.toBe(error)
    connection.write(Buffer.from('still here'))
    expect(await next(peer, 12)).toBe('a\nstill here')
  })

  it('fails with an item that cannot be encoded, and leaves the iteration [R8]', async () => {
    const { connection } = await pair()
    let left = false
    const items = (function* () {
      try {
        yield 'two\nlines'
      } finally {
        left = true
      }
    })()
    await expect(lastValueFrom(writeAll(connection, items, { protocol }))).rejects.toMatchObject({
      _tag: 'NotEncodable',
    })
    expect(left).toBe(true)
  })

  it('begins anew at each subscription [R26]', async () => {
    const { connection, peer } = await pair()
    const twice$ = writeAll(connection, ['a'], { protocol, end: false })
    await lastValueFrom(twice$)
    await lastValueFrom(twice$)
    expect(await next(peer, 4)).toBe('a\na\n')
  })
})
