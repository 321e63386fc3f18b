import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { lines } from '@sluice/protocol'
import { lastValueFrom, map, merge, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, currentGate, decode, fromDuplex, throttleBytes, throttleMessages, tokenBucket, writeTo } from '../src/index.ts' // prettier-ignore
import { pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

/** A source with a gate that tells what becomes of it. */
const gated = (told: string[], name: string) => {
  const gate = createGate({ pause: () => told.push(`${name} pauses`), resume: () => told.push(`${name} goes on`) })
  const value$ = new Subject<string>()
  const say = (text: string): void => {
    gate.run(() => {
      value$.next(text)
    })
  }
  return { gate, value$, say }
}

describe('throttling and the gate of its source', () => {
  it('holds it while something waits, and emits that in it [R3]', () => {
    const scheduler = new VirtualClock()
    const told: string[] = []
    const { gate, value$, say } = gated(told, 'a')
    value$.pipe(throttleMessages({ perSecond: 10, burst: 1, scheduler })).subscribe((text) => {
      expect(currentGate()).toBe(gate)
      told.push(text)
    })
    say('1')
    say('2')
    expect(told).toEqual(['1', 'a pauses'])
    scheduler.advance(100)
    expect(told).toEqual(['1', 'a pauses', '2', 'a goes on'])
    expect(currentGate()).toBe(null)
  })

  it('keeps the order among many sources, each held for its own sake [R3]', () => {
    const scheduler = new VirtualClock()
    const told: string[] = []
    const [a, b] = [gated(told, 'a'), gated(told, 'b')]
    merge(a.value$, b.value$).pipe(throttleMessages({ perSecond: 10, burst: 1, scheduler })).subscribe((text) => told.push(text)) // prettier-ignore
    a.say('a1')
    a.say('a2')
    b.say('b1')
    scheduler.advance(150)
    expect(told).toEqual(['a1', 'a pauses', 'b pauses', 'a2', 'a goes on'])
    scheduler.advance(100)
    expect(told.slice(5)).toEqual(['b1', 'b goes on'])
  })

  it('emits nothing while another sink holds it, and spends no tokens meanwhile [R3]', () => {
    const scheduler = new VirtualClock()
    const bucket = tokenBucket({ perSecond: 10, burst: 1, scheduler })
    const told: string[] = []
    const { gate, value$, say } = gated(told, 'a')
    const sink = {}
    value$.pipe(throttleMessages(bucket)).subscribe((text) => {
      told.push(text)
      if (text === '2') gate.hold(sink)
    })
    say('1')
    say('2')
    gate.hold(sink)
    scheduler.advance(100)
    expect(told).toEqual(['1', 'a pauses'])
    expect(bucket.take()).toBe(true)
    gate.release(sink)
    expect(told).toEqual(['1', 'a pauses'])
    scheduler.advance(100)
    expect(told).toEqual(['1', 'a pauses', '2'])
    gate.release(sink)
    expect(told.at(-1)).toBe('a goes on')
  })

  it('keeps a source held that goes on all the same, and loses nothing of it [R3]', () => {
    const scheduler = new VirtualClock()
    const told: string[] = []
    const [a, b] = [gated(told, 'a'), gated(told, 'b')]
    const sink = {}
    merge(a.value$, b.value$)
      .pipe(throttleMessages({ perSecond: 10, burst: 1, scheduler }))
      .subscribe((text) => {
        told.push(text)
        if (text === 'a1') a.gate.hold(sink)
      })
    a.say('a1')
    a.say('a2')
    b.say('b1')
    scheduler.advance(100)
    a.say('a3')
    expect(told).toEqual(['a1', 'a pauses', 'b pauses'])
    a.gate.release(sink)
    scheduler.advance(150)
    expect(told.slice(3)).toEqual(['a2', 'b1', 'b goes on'])
    scheduler.advance(100)
    expect(told.slice(6)).toEqual(['a3', 'a goes on'])
  })

  it('lets one of each of many sources wait, however few may wait that cannot be held [R7]', () => {
    const scheduler = new VirtualClock()
    const told: string[] = []
    const sources = ['a', 'b', 'c', 'd'].map((name) => gated([], name))
    merge(...sources.map(({ value$ }) => value$))
      .pipe(throttleMessages({ perSecond: 10, burst: 1, scheduler }, { maxQueued: 1 }))
      .subscribe({ next: (text) => told.push(text), error: () => told.push('failed') })
    sources.forEach(({ say }, i) => say(String(i)))
    scheduler.advance(1_000)
    expect(told).toEqual(['0', '1', '2', '3'])
  })

  it('lets it go when it is unsubscribed, and when it fails [R14]', () => {
    for (const how of ['unsubscribe', 'error']) {
      const scheduler = new VirtualClock()
      const told: string[] = []
      const { value$, say } = gated(told, 'a')
      const running = value$.pipe(throttleMessages({ perSecond: 10, burst: 1, scheduler })).subscribe({ error: () => undefined }) // prettier-ignore
      say('1')
      say('2')
      if (how === 'error') value$.error(new Error('oh'))
      else running.unsubscribe()
      expect(told).toEqual(['a pauses', 'a goes on'])
    }
  })

  it('stops decode in the middle of a chunk, and takes nothing from the socket meanwhile [R3]', async () => {
    const scheduler = new VirtualClock()
    const wire = new Wire()
    const connection = fromDuplex(wire, { scheduler })
    const seen: string[] = []
    const passed = map((line: string) => seen.push(line))
    connection.data$.pipe(decode(lines()), passed, throttleMessages({ perSecond: 1, burst: 2, scheduler })).subscribe({ error: () => undefined }) // prettier-ignore
    wire.give('a\nb\nc\nd\n')
    await turns()
    expect([seen, connection.paused]).toEqual([['a', 'b', 'c'], true])
    scheduler.advance(1_000)
    expect(seen).toEqual(['a', 'b', 'c', 'd'])
    connection.abort()
    await turns()
  })
})

describe('throttleBytes, between sockets', () => {
  it('carries every byte, slower; a sink that is full and a rate do not disturb each other [R4][R7]', async () => {
    const [source, sink] = [await pair(), await pair({ highWaterMark: 1_024 })]
    const sent = randomBytes(3 << 20)
    const got = createHash('sha256')
    sink.peer.on('data', (bytes: Buffer) => {
      got.update(bytes)
      // a reader that is slow now and then
      sink.peer.pause()
      setImmediate(() => sink.peer.resume())
    })
    const ended = once(sink.peer, 'end')
    source.peer.end(sent)
    let most = 0
    const measured = map((bytes: Uint8Array) => {
      most = Math.max(most, bytes.length)
      return bytes
    })
    const carried$ = source.connection.data$.pipe(
      throttleBytes({ perSecond: 30 << 20, burst: 20_000 }),
      measured,
      writeTo(sink.connection),
    )
    await lastValueFrom(carried$, { defaultValue: null })
    await ended
    expect(got.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'))
    expect(most).toBeLessThanOrEqual(20_000)
  })
})
