import { createReadStream, writeFileSync } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import type { Subscription } from 'rxjs'
import { firstValueFrom, lastValueFrom, map, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, currentGate, fromReadable, writeTo } from '../src/index.ts'
import { filePath, gone } from './support/bridging.ts'
import { everything, pair, peerOf, listening } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const text = map((bytes: Uint8Array) => Buffer.from(bytes).toString())

/** A stream of `count` chunks that counts how many were asked for. */
const counting = (count: number) => {
  let made = 0
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      made++
      this.push(made > count ? null : Buffer.from([made]))
    },
  })
  return { stream, made: () => made }
}

/** Holds its source for ever after each value, until told to let it go. */
const stopping = (stream: Readable, options = {}) => {
  const seen: number[] = []
  const told: string[] = []
  let letGo: () => void = () => undefined
  const subscription = fromReadable(stream, options).subscribe({
    next: (bytes) => {
      seen.push(bytes[0] ?? 0)
      const gate = currentGate()
      gate?.hold(seen)
      letGo = () => gate?.release(seen)
    },
    complete: () => told.push('completed'),
    error: (error: unknown) => told.push(String(error)),
  })
  return { seen, told, subscription, letGo: () => { letGo() } } // prettier-ignore
}

describe('fromReadable', () => {
  it('does nothing before it is subscribed [R26]', async () => {
    const { stream, made } = counting(3)
    fromReadable(stream)
    await turns()
    expect(made()).toBe(0)
    stream.destroy()
  })

  it('gives one chunk at a time while a sink behind it is full, and loses none [R3]', async () => {
    const { stream, made } = counting(5)
    const { seen, told, letGo } = stopping(stream)
    for (let chunks = 1; chunks <= 5; chunks++) {
      await until('the next', () => seen.length === chunks)
      await turns(5)
      expect(seen.length).toBe(chunks)
      // the stream itself keeps one chunk ahead, as its own mark says
      expect(made()).toBeLessThanOrEqual(chunks + 2)
      letGo()
    }
    await until('the end', () => told.length === 1)
    expect([seen, told]).toEqual([[1, 2, 3, 4, 5], ['completed']])
  })

  it('does not complete while it is held [R3]', async () => {
    const { stream } = counting(1)
    const { seen, told, letGo } = stopping(stream)
    await until('the only one', () => seen.length === 1)
    await turns(10)
    expect(told).toEqual([])
    letGo()
    await until('the end', () => told.length === 1)
  })

  it('carries a file to a slow peer, with a bound [R3][R7]', async () => {
    const { connection, peer } = await pair({ highWaterMark: 64 * 1024 })
    const path = filePath()
    writeFileSync(path, Buffer.alloc(8 << 20, 'x'))
    let most = 0
    const measure = map((bytes: Uint8Array) => {
      most = Math.max(most, connection.unsentBytes)
      return bytes
    })
    const sent = lastValueFrom(fromReadable(createReadStream(path)).pipe(measure, writeTo(connection)), {
      defaultValue: 0,
    })
    await until('it to be full', () => connection.full)
    await turns(50)
    expect((await everything(peer)).length).toBe(8 << 20)
    await sent
    expect(most).toBeLessThanOrEqual(128 * 1024)
  })

  it('leaves a socket open at its end: it still writes [R2]', async () => {
    const listener = await listening()
    const [connection, peer] = [firstValueFrom(listener.connections$), await peerOf(listener)]
    const asked = lastValueFrom(fromReadable(peer).pipe(text, toArray()))
    const server = await connection
    server.write(Buffer.from('question'))
    server.end()
    expect((await asked).join('')).toBe('question')
    await turns(5)
    peer.end('answer')
    const answer = await lastValueFrom(server.data$.pipe(text, toArray()))
    expect(answer.join('')).toBe('answer')
  })

  it('destroys the stream when it is unsubscribed before the end [R14]', async () => {
    const stream = new PassThrough()
    stream.write('a')
    expect(await firstValueFrom(fromReadable(stream).pipe(text))).toBe('a')
    expect(stream.destroyed).toBe(true)
    await gone(stream)
    expect(['data', 'end', 'error', 'close'].map((name) => stream.listenerCount(name))).toEqual([0, 0, 0, 0])
  })

  it('leaves it as it is where it is told to, with all it has not given [R1][R14]', async () => {
    const { stream } = counting(4)
    const numbers$ = fromReadable(stream, { destroy: false }).pipe(map((bytes) => bytes[0]))
    expect(await lastValueFrom(numbers$.pipe(take(2), toArray()))).toEqual([1, 2])
    await turns(5)
    expect(await lastValueFrom(numbers$.pipe(toArray()))).toEqual([3, 4])
  })

  it('takes one subscriber at a time, and the first goes on [R1]', async () => {
    const stream = new PassThrough()
    const chunks$ = fromReadable(stream)
    const first = lastValueFrom(chunks$.pipe(text, toArray()))
    await expect(lastValueFrom(chunks$)).rejects.toMatchObject({ _tag: 'AlreadySubscribed' })
    stream.end('all')
    expect(await first).toEqual(['all'])
  })

  it('fails with StreamFailed when the stream does, or is closed before its end [R27]', async () => {
    const missing = lastValueFrom(fromReadable(createReadStream('/nowhere/at/all')))
    await expect(missing).rejects.toMatchObject({ _tag: 'StreamFailed', side: 'readable', code: 'ENOENT' })
    const closed = new PassThrough()
    const closing = lastValueFrom(fromReadable(closed))
    closed.destroy()
    await expect(closing).rejects.toMatchObject({ _tag: 'StreamFailed', code: 'CLOSED' })
    await expect(lastValueFrom(fromReadable(closed))).rejects.toMatchObject({ _tag: 'StreamFailed', code: 'CLOSED' })
  })

  it('completes at once for a stream that has ended [R26]', async () => {
    const stream = new PassThrough({ autoDestroy: false })
    stream.end('x')
    const chunks$ = fromReadable(stream).pipe(text, toArray())
    expect(await lastValueFrom(chunks$)).toEqual(['x'])
    expect(await lastValueFrom(chunks$)).toEqual([])
    stream.destroy()
  })

  it('survives an error that comes after it was unsubscribed [R14]', async () => {
    const stream = createReadStream('/nowhere/at/all')
    const reading: Subscription = fromReadable(stream).subscribe({ error: () => undefined })
    reading.unsubscribe()
    await gone(stream)
  })

  it('survives an error that was on its way when it was unsubscribed [R14]', async () => {
    const stream = new PassThrough()
    const reading = fromReadable(stream).subscribe({ error: () => undefined })
    stream.destroy(new Error('oh'))
    reading.unsubscribe()
    await gone(stream)
    await turns(2)
  })

  it('refuses a stream that gives no bytes [R27]', () => {
    expect(() => fromReadable(Readable.from(['text']))).toThrow('one of bytes')
    expect(() => fromReadable(new PassThrough().setEncoding('utf8'))).toThrow('one of bytes')
  })

  it('runs what it emits in a gate of its own [R3]', async () => {
    const outer = createGate({ pause: () => undefined, resume: () => undefined })
    const stream = new PassThrough()
    const gates: unknown[] = []
    outer.run(() => {
      fromReadable(stream).subscribe(() => gates.push(currentGate()))
    })
    stream.end('x')
    await gone(stream)
    expect(gates.length).toBe(1)
    expect([null, outer]).not.toContain(gates[0])
  })
})
