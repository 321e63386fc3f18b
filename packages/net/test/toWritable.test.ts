import { createWriteStream, readFileSync } from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { of, range, Subject, throwError, lastValueFrom, map } from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, toWritable } from '../src/index.ts'
import { allOf, filePath, gone } from './support/bridging.ts'
import { pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const done = (written$: Observable<never>): Promise<unknown> => lastValueFrom(written$, { defaultValue: 'completed' })

/** A writable of a mark of four bytes that takes a chunk only when it is told to. */
const slow = () => {
  const taken: string[] = []
  const waiting: ((error?: Error) => void)[] = []
  const stream = new Writable({
    highWaterMark: 4,
    write: (chunk: Buffer, _encoding, next) => {
      taken.push(chunk.toString())
      waiting.push(next)
    },
  })
  return { stream, taken, take: (error?: Error) => waiting.shift()?.(error) }
}

/** A source of one's own with a gate that notes what it is told. */
const gated = () => {
  const told: string[] = []
  const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
  const chunks$ = new Subject<string>()
  const say = (text: string): void => {
    gate.run(() => {
      chunks$.next(text)
    })
  }
  return { told, chunks$, say }
}

describe('toWritable', () => {
  it('holds what feeds it while it is over its mark, until it has drained [R3][R7]', async () => {
    const { stream, take } = slow()
    const { told, chunks$, say } = gated()
    chunks$.pipe(toWritable(stream)).subscribe({ error: () => undefined })
    say('abc')
    expect(told).toEqual([])
    say('d')
    expect(told).toEqual(['pause'])
    take()
    await turns(2)
    expect(told).toEqual(['pause'])
    take()
    await turns(2)
    expect(told).toEqual(['pause', 'resume'])
    stream.destroy()
  })

  it('writes a connection into a file, whole, and is done when it is flushed [R9]', async () => {
    const { connection, peer } = await pair()
    const path = filePath()
    peer.end('x'.repeat(3 << 20))
    expect(await done(connection.data$.pipe(toWritable(createWriteStream(path))))).toBe('completed')
    expect(readFileSync(path).length).toBe(3 << 20)
    connection.end()
  })

  it('keeps no more of a connection than its mark and one chunk [R3]', async () => {
    const { connection, peer } = await pair()
    const { stream, take } = slow()
    const writing = connection.data$.pipe(toWritable(stream)).subscribe({ error: () => undefined })
    peer.write(Buffer.alloc(16 << 20))
    for (let chunks = 1; chunks <= 5; chunks++) {
      await until('a chunk', () => stream.writableLength > 0)
      await turns(20)
      expect(stream.writableLength).toBeLessThanOrEqual(64 * 1024)
      take()
      await turns(2)
    }
    writing.unsubscribe()
    stream.destroy()
  })

  it('leaves it open where it is told to, and is done when what it wrote is flushed', async () => {
    const { stream, taken, take } = slow()
    let completed = false
    of('a').pipe(toWritable(stream, { end: false })).subscribe({ complete: () => (completed = true) }) // prettier-ignore
    await turns(2)
    expect(completed).toBe(false)
    take()
    await until('the flush', () => completed)
    expect(stream.writableEnded).toBe(false)
    of('b')
      .pipe(toWritable(stream))
      .subscribe({ error: () => undefined })
    await turns(2)
    take()
    await gone(stream)
    expect(taken).toEqual(['a', 'b'])
  })

  it('is unpiped by unsubscribing: the writable stays open, and what feeds it is let go [R14]', async () => {
    const { stream } = slow()
    const { told, chunks$, say } = gated()
    const writing = chunks$.pipe(toWritable(stream)).subscribe({ error: () => undefined })
    say('abcdef')
    writing.unsubscribe()
    expect(told).toEqual(['pause', 'resume'])
    expect([stream.writableEnded, stream.destroyed]).toEqual([false, false])
    // an error of what is still under way is for nobody, and ends nothing else
    stream.destroy(new Error('oh'))
    await gone(stream)
    const names = ['drain', 'finish', 'error', 'close']
    expect(names.map((name) => stream.listenerCount(name))).toEqual([0, 0, 0, 0])
  })

  it('survives an error of writes that were under way when it was unsubscribed [R14]', async () => {
    const { stream } = slow()
    const chunks$ = new Subject<string>()
    const writing = chunks$.pipe(toWritable(stream)).subscribe({ error: () => undefined })
    for (const text of ['a', 'b', 'c']) chunks$.next(text)
    stream.destroy(new Error('oh'))
    writing.unsubscribe()
    await gone(stream)
    await turns(2)
    expect(stream.listenerCount('error')).toBe(0)
  })

  it('lets go of what feeds it when its source completes: after the end nothing drains [R14]', () => {
    const { stream } = slow()
    const { told, chunks$, say } = gated()
    chunks$.pipe(toWritable(stream)).subscribe({ error: () => undefined })
    say('abcdef')
    chunks$.complete()
    expect(told).toEqual(['pause', 'resume'])
    stream.destroy()
  })

  it('is bounded also where no gate feeds it: QueueFull [R7]', async () => {
    const { stream, taken } = slow()
    const words$ = range(0, 100).pipe(map((n) => `${String(n)} is four`))
    await expect(done(words$.pipe(toWritable(stream, { maxQueued: 3 })))).rejects.toMatchObject({
      _tag: 'QueueFull',
      limit: 3,
    })
    expect(stream.writableLength).toBe(4 * '0 is four'.length)
    expect(taken).toEqual(['0 is four'])
    stream.destroy()
  })

  it('passes the error of its source on, and leaves the writable open [R27]', async () => {
    const stream = new PassThrough()
    const error = new Error('oh')
    await expect(done(throwError(() => error).pipe(toWritable(stream)))).rejects.toBe(error)
    const got = allOf(stream)
    stream.end('still here')
    expect(await got).toBe('still here')
  })

  it('fails with StreamFailed when the writable does, and leaves its source [R27]', async () => {
    const { stream, take } = slow()
    const { told, chunks$, say } = gated()
    const writing = done(chunks$.pipe(toWritable(stream)))
    say('abcdef')
    const cause = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    take(cause)
    await expect(writing).rejects.toMatchObject({ _tag: 'StreamFailed', side: 'writable', code: 'ENOSPC', cause })
    expect([told, chunks$.observed]).toEqual([['pause', 'resume'], false])
  })

  it('fails with StreamFailed where somebody else closes or ends it [R8]', async () => {
    for (const finish of [(stream: Writable) => stream.destroy(), (stream: Writable) => stream.end()]) {
      const { stream } = slow()
      const { chunks$, say } = gated()
      const writing = done(chunks$.pipe(toWritable(stream)))
      finish(stream)
      say('late')
      await expect(writing).rejects.toMatchObject({ _tag: 'StreamFailed', code: 'CLOSED' })
      await expect(done(of('a').pipe(toWritable(stream)))).rejects.toMatchObject({ _tag: 'StreamFailed' })
      stream.destroy()
    }
  })

  it('is not done for a write that a destroyed stream says it has made [R10]', async () => {
    const stream = new Writable({ write: () => undefined })
    const writing = done(of('a').pipe(toWritable(stream, { end: false })))
    await turns(2)
    stream.destroy()
    await expect(writing).rejects.toMatchObject({ _tag: 'StreamFailed', code: 'CLOSED' })
  })

  it('refuses what is neither bytes nor text [R27]', async () => {
    const stream = new PassThrough()
    // @ts-expect-error -- plain JavaScript is not told by the compiler
    await expect(done(of(7).pipe(toWritable(stream)))).rejects.toMatchObject({ _tag: 'NotEncodable' })
    expect(() => toWritable(stream, { maxQueued: 0 })).toThrow('maxQueued is 0')
    stream.destroy()
  })
})
