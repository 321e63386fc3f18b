import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { fromDuplex, toDuplex } from '../src/index.ts'
import { allOf, duplexOf, gone, pattern } from './support/bridging.ts'
import { clientPair, closing, everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const KIB = 1024

describe('toDuplex, reading', () => {
  it('reads no byte before somebody reads from it [R1]', async () => {
    const { connection, peer } = await pair()
    const stream = duplexOf(connection)
    peer.write('hello')
    await turns(30)
    expect(connection.figures.bytesRead).toBe(0)
    const [chunk] = (await once(stream, 'data')) as [Buffer]
    expect(chunk.toString()).toBe('hello')
  })

  it('takes no more than its mark and one chunk while nobody takes it from there [R3]', async () => {
    const { connection, peer } = await pair()
    const stream = duplexOf(connection, { highWaterMark: 100 * KIB })
    peer.write(Buffer.alloc(32 << 20))
    stream.read(0)
    await until('the pause', () => connection.paused && connection.figures.bytesRead > 0)
    await turns(50)
    const { bytesRead } = connection.figures
    expect(bytesRead).toBe(stream.readableLength)
    expect(bytesRead).toBeLessThan(100 * KIB + 64 * KIB)
    // and goes on from there
    stream.resume()
    await until('all of it', () => connection.figures.bytesRead === 32 << 20)
  })

  it('ends with the peer’s FIN, and our side goes on [R2]', async () => {
    const { connection, peer } = await pair()
    const stream = duplexOf(connection)
    peer.end('question')
    expect(await allOf(stream)).toBe('question')
    stream.end('answer')
    expect(await everything(peer)).toBe('answer')
    await gone(stream)
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('ends our side with the peer’s where it is told to [R2]', async () => {
    const { connection, peer } = await pair()
    const closed = gone(duplexOf(connection, { allowHalfOpen: false }).resume())
    peer.end()
    expect(await everything(peer)).toBe('')
    await closed
  })

  it('fails with AlreadySubscribed where somebody else reads, who goes on [R1]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    const reading = connection.data$.subscribe((bytes) => seen.push(Buffer.from(bytes).toString()))
    const stream = toDuplex(connection)
    const failed = once(stream, 'error')
    stream.resume()
    expect(await failed).toMatchObject([{ _tag: 'AlreadySubscribed' }])
    peer.write('still here')
    await until('the bytes', () => seen.length === 1)
    reading.unsubscribe()
  })
})

describe('toDuplex, writing', () => {
  it.each(['hold', 'fail', 'dropNewest', 'dropOldest'] as const)(
    'waits for room where whenFull is %s, and loses nothing [R7]',
    async (whenFull) => {
      const wire = new Wire()
      wire.stall()
      const connection = fromDuplex(wire, { whenFull, highWaterMark: 2 * KIB, maxUnsentBytes: 4 * KIB })
      const stream = duplexOf(connection)
      const all = pattern(100 * KIB)
      for (let at = 0; at < all.length; at += KIB) stream.write(all.subarray(at, at + KIB))
      stream.end()
      let most = 0
      while (!stream.writableFinished) {
        await turns(2)
        most = Math.max(most, connection.unsentBytes)
        wire.drainOnce()
      }
      expect(most).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(3 * KIB)
      expect(Buffer.concat(wire.parts).equals(all)).toBe(true)
      stream.destroy()
    },
  )

  it('says that it is full, and drains [R7]', async () => {
    const wire = new Wire()
    wire.stall()
    const stream = duplexOf(fromDuplex(wire, { highWaterMark: KIB }), { highWaterMark: KIB })
    expect(stream.write(Buffer.alloc(4 * KIB))).toBe(false)
    let drained = false
    stream.once('drain', () => (drained = true))
    await turns()
    expect(drained).toBe(false)
    wire.drain()
    await until('the drain', () => drained)
    stream.destroy()
  })

  it('gives what was written together to the socket together [R6]', async () => {
    const wire = new Wire()
    const stream = duplexOf(fromDuplex(wire))
    for (const word of ['a', 'b', 'c', 'd', 'e']) stream.write(word)
    await until('all of it', () => wire.text === 'abcde')
    expect(wire.batches).toEqual(['a', 'bcde'])
    stream.destroy()
  })

  it('finishes when all is flushed, and reading goes on [R9]', async () => {
    const { connection, peer } = await pair()
    const stream = duplexOf(connection)
    stream.end('question')
    await once(stream, 'finish')
    expect(connection.localEnded).toBe(true)
    expect(await everything(peer)).toBe('question')
    peer.end('answer')
    expect(await allOf(stream)).toBe('answer')
  })

  it('fails with NotWritable where our side has ended before [R8]', async () => {
    const { connection, peer } = await pair()
    connection.end()
    expect(await everything(peer)).toBe('')
    const stream = toDuplex(connection)
    const failed = once(stream, 'error')
    stream.write('late')
    expect(await failed).toMatchObject([{ _tag: 'NotWritable', why: 'ended' }])
  })
})

describe('toDuplex, ending', () => {
  it('aborts when it is destroyed, and is closed when the connection is [R14]', async () => {
    const { connection, peer } = await pair()
    const stream = duplexOf(connection)
    const reason = new Error('enough')
    stream.destroy(reason)
    const reset = once(peer, 'error')
    peer.resume()
    await gone(stream)
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason })
    expect(await reset).toMatchObject([{ code: 'ECONNRESET' }])
  })

  it('is destroyed with ConnectionLost when the peer resets, reading or not [R10]', async () => {
    for (const reads of [true, false]) {
      const { connection, peer } = await pair({ probeMs: 5 })
      const stream = toDuplex(connection)
      const failed = once(stream, 'error')
      if (reads) stream.resume()
      peer.resetAndDestroy()
      expect(await failed).toMatchObject([{ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } }])
      expect(stream.destroyed).toBe(true)
    }
  })

  it('tells a write under way, and nobody of a finish, when the connection breaks [R8]', async () => {
    const { connection, peer } = await clientPair({ highWaterMark: KIB })
    const stream = duplexOf(connection)
    let finished = false
    stream.on('finish', () => (finished = true))
    const errors: unknown[] = []
    stream.end(Buffer.alloc(32 << 20), () => undefined)
    stream.on('error', (error) => errors.push(error))
    await until('it to be full', () => connection.full)
    peer.resetAndDestroy()
    await gone(stream)
    expect(errors).toMatchObject([{ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } }])
    expect(finished).toBe(false)
  })

  it('of a connection that is closed already fails at once [R8]', async () => {
    const { connection } = await pair()
    connection.abort()
    await closing(connection)
    const stream = toDuplex(connection)
    expect(await once(stream, 'error')).toMatchObject([{ _tag: 'ConnectionLost', reason: { _tag: 'Aborted' } }])
  })

  it('of a connection that is drained ends, and may finish what it says [R25]', async () => {
    const { connection, peer, listener } = await pair()
    const stream = duplexOf(connection)
    const ended = allOf(stream)
    stream.write('hello ')
    expect(await next(peer, 6)).toBe('hello ')
    const draining = listener.drain()()
    expect(await ended).toBe('')
    stream.end('goodbye')
    expect(await everything(peer)).toBe('goodbye')
    peer.end()
    await draining
    await gone(stream)
  })

  it('refuses an option that cannot work [R27]', () => {
    const connection = fromDuplex(new Wire())
    expect(() => toDuplex(connection, { highWaterMark: 0 })).toThrow('highWaterMark is 0')
    connection.abort()
  })
})
