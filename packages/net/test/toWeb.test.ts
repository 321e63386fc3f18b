import { describe, expect, it } from 'vitest'
import { fromDuplex, toWeb } from '../src/index.ts'
import { gathered, memoryEnds, pattern, socketEnds } from './support/bridging.ts'
import { closing, everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const textOf = async (readable: ReadableStream<Uint8Array>): Promise<string> => (await gathered(readable, 0)).toString()

describe('toWeb, reading', () => {
  it('reads no byte before the first read [R1]', async () => {
    const { connection, peer } = await pair()
    const reader = toWeb(connection).readable.getReader()
    peer.write('hello')
    await turns(30)
    expect(connection.figures.bytesRead).toBe(0)
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('hello')
  })

  it('takes one chunk a read, and holds the socket between reads [R3]', async () => {
    const { connection, peer } = await pair()
    const reader = toWeb(connection).readable.getReader()
    peer.write(Buffer.alloc(32 << 20))
    let taken = 0
    for (let read = 0; read < 5; read++) {
      taken += (await reader.read()).value?.length ?? 0
      await turns(20)
      expect(connection.figures.bytesRead).toBe(taken)
    }
  })

  it('is closed by the peer’s FIN, and our side goes on [R2]', async () => {
    const { connection, peer } = await pair()
    const { readable, writable } = toWeb(connection)
    peer.end('question')
    expect(await textOf(readable)).toBe('question')
    const writer = writable.getWriter()
    await writer.write(Buffer.from('answer'))
    await writer.close()
    expect(await everything(peer)).toBe('answer')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('that is cancelled reads on and drops what comes, so that the peer’s end is reached [R11]', async () => {
    const { connection, peer } = await pair()
    const { readable, writable } = toWeb(connection)
    peer.end(Buffer.alloc(4 << 20))
    await readable.cancel()
    await until('the end', () => connection.remoteEnded)
    expect(connection.figures.bytesRead).toBe(4 << 20)
    await writable.close()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it.each(['cancel first', 'close first'])(
    'and both sides given up linger, as close() does: %s [R11]',
    async (order) => {
      const { connection, peer } = await pair({ lingerMs: 20, halfClosedMs: 60_000 })
      const { readable, writable } = toWeb(connection)
      if (order === 'cancel first') await readable.cancel()
      await writable.close()
      if (order === 'close first') await readable.cancel()
      peer.resume()
      expect((await closing(connection)).cause).toMatchObject({ _tag: 'TimedOut', clock: 'linger' })
    },
  )

  it('fails with AlreadySubscribed where somebody else reads, who goes on [R1]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    connection.data$.subscribe({ next: (bytes) => seen.push(Buffer.from(bytes).toString()), error: () => undefined })
    await expect(toWeb(connection).readable.getReader().read()).rejects.toMatchObject({ _tag: 'AlreadySubscribed' })
    peer.write('still here')
    await until('the bytes', () => seen.length === 1)
  })
})

describe('toWeb, writing', () => {
  it.each(['hold', 'fail', 'dropNewest', 'dropOldest'] as const)(
    'waits for room where whenFull is %s, and loses nothing [R7]',
    async (whenFull) => {
      const wire = new Wire()
      wire.stall()
      const connection = fromDuplex(wire, { whenFull, highWaterMark: 2_000, maxUnsentBytes: 4_000 })
      const writer = toWeb(connection).writable.getWriter()
      const all = pattern(100_000)
      for (let at = 0; at < all.length; at += 1_000) void writer.write(all.subarray(at, at + 1_000))
      let closed = false
      void writer.close().then(() => (closed = true))
      let most = 0
      while (!closed) {
        await turns(2)
        most = Math.max(most, connection.unsentBytes)
        wire.drainOnce()
      }
      expect(most).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(3_000)
      expect(Buffer.concat(wire.parts).equals(all)).toBe(true)
      connection.abort()
    },
  )

  it('closes when all is flushed, and reading goes on [R9]', async () => {
    const { connection, peer } = await pair()
    const { readable, writable } = toWeb(connection)
    const writer = writable.getWriter()
    void writer.write(Buffer.from('question'))
    await writer.close()
    expect(connection.localEnded).toBe(true)
    expect(await everything(peer)).toBe('question')
    peer.end('answer')
    expect(await textOf(readable)).toBe('answer')
  })

  it('that is aborted breaks off at once, also while a write waits [R8][R14]', async () => {
    const { connection } = await pair({ highWaterMark: 1 })
    const writer = toWeb(connection).writable.getWriter()
    const writing = writer.write(Buffer.alloc(32 << 20)).catch((error: unknown) => error)
    await until('it to be full', () => connection.full)
    const reason = new Error('enough')
    await writer.abort(reason)
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason })
    expect(await writing).toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Aborted' } })
  })

  it('fails with what a write is refused for [R8]', async () => {
    const { connection } = await pair()
    // @ts-expect-error -- plain JavaScript is not told by the compiler
    await expect(toWeb(connection).writable.getWriter().write('text')).rejects.toMatchObject({ _tag: 'NotEncodable' })
    connection.end()
    const late = toWeb(connection).writable.getWriter()
    await expect(late.write(Buffer.from('late'))).rejects.toMatchObject({ _tag: 'NotWritable', why: 'ended' })
  })
})

describe('toWeb of a connection that breaks', () => {
  it('fails both sides with ConnectionLost, whoever waits [R10]', async () => {
    const { connection, peer } = await pair({ probeMs: 5, highWaterMark: 1 })
    const { readable, writable } = toWeb(connection)
    const [reader, writer] = [readable.getReader(), writable.getWriter()]
    const lost = { _tag: 'ConnectionLost', reason: { _tag: 'Reset' } }
    const read = expect(reader.read()).rejects.toMatchObject(lost)
    const write = expect(writer.write(Buffer.alloc(32 << 20))).rejects.toMatchObject(lost)
    await until('it to be full', () => connection.full)
    peer.resetAndDestroy()
    await Promise.all([read, write])
    await expect(writer.closed).rejects.toMatchObject(lost)
    await expect(reader.closed).rejects.toMatchObject(lost)
  })

  it('fails both sides also where nobody waits, or it had broken before [R10]', async () => {
    for (const before of [false, true]) {
      const { connection, peer } = await pair({ probeMs: 5 })
      if (before) peer.resetAndDestroy()
      if (before) await closing(connection)
      const { readable, writable } = toWeb(connection)
      const [reader, writer] = [readable.getReader(), writable.getWriter()]
      if (!before) peer.resetAndDestroy()
      await expect(writer.closed).rejects.toMatchObject({ _tag: 'ConnectionLost' })
      await expect(reader.closed).rejects.toMatchObject({ _tag: 'ConnectionLost' })
    }
  })

  it('does not keep a close that never came [R9]', async () => {
    const { connection, peer } = await pair({ highWaterMark: 1 })
    const writer = toWeb(connection).writable.getWriter()
    writer.write(Buffer.alloc(32 << 20)).catch(() => undefined)
    const closed = writer.close().catch((error: unknown) => error)
    await until('it to be full', () => connection.full)
    peer.resetAndDestroy()
    expect(await closed).toMatchObject({ _tag: 'ConnectionLost' })
  })
})

for (const [over, ends] of [
  ['sockets', socketEnds],
  ['fromDuplex', memoryEnds],
] as const) {
  it(`toWeb takes part in pipeTo and pipeThrough, over ${over} [R4]`, async () => {
    const { near, far } = await ends()
    const [left, right] = [toWeb(near), toWeb(far)]
    const all = pattern(2_000_000)
    const shift = (by: number) =>
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          controller.enqueue(chunk.map((byte) => (byte + by) % 256))
        },
      })
    const echoing = right.readable.pipeThrough(shift(1)).pipeTo(right.writable)
    const sending = new Blob([all]).stream().pipeTo(left.writable)
    const got = await gathered(left.readable.pipeThrough(shift(255)), 0)
    await Promise.all([echoing, sending])
    expect(got.equals(all)).toBe(true)
    expect((await closing(near)).cause._tag).toBe('Finished')
  })
}

it('toWeb is a pair others can be piped through', async () => {
  const { connection, peer } = await pair()
  const got = textOf(new Blob(['question']).stream().pipeThrough(toWeb(connection)))
  expect(await next(peer, 8)).toBe('question')
  peer.end('answer')
  expect(await got).toBe('answer')
})
