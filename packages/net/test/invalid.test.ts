import type { Invalid } from '@sluice/protocol'
import { json, lengthPrefixed, lines, through, typed, utf8 } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Observable } from 'rxjs'
import { filter, map, merge, NEVER, of, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Closed, ConnectionEvent, ListenerEvent } from '../src/index.ts'
import { fromDuplex, mapAsync, serve, speak } from '../src/index.ts'
import { everything, listening, next, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

/** Numbers, a line each. */
const numbers = pipe(lines({ maxFrameBytes: 64 }), through(json()), through(typed(t.number)))
const double = (in$: Observable<number>): Observable<number> => in$.pipe(map((n) => 2 * n))

/** A conversation over a stream in memory, with what it tells and how it ends. */
const talking = () => {
  const wire = new Wire()
  const connection = fromDuplex(wire, { highWaterMark: 8, lingerMs: 50 })
  const events: ConnectionEvent[] = []
  connection.events$.subscribe((event) => events.push(event))
  const invalid = () => events.flatMap((event) => (event._tag === 'Invalid' ? [event] : []))
  const closed = () => events.find((event): event is Closed => event._tag === 'Closed')
  return { wire, connection, invalid, closed }
}

describe('a message that is none', () => {
  it('ends the connection by default, as what the protocol failed with [R12][R19]', async () => {
    const { wire, connection, invalid, closed } = talking()
    of(connection).pipe(speak(numbers, double)).subscribe()
    wire.give('1\n"x"\n2\n')
    await until('the end', () => closed() !== undefined)
    const error = { _tag: 'Invalid', offset: 2, fault: 'remote' }
    expect(closed()?.cause).toMatchObject({ _tag: 'ProtocolFailed', error })
    expect(closed()?.figures.invalid).toBe(0)
    expect(invalid()).toEqual([])
  })

  it('is skipped where that is asked for, counted, and told with its error [R19]', async () => {
    const { wire, connection, invalid, closed } = talking()
    of(connection)
      .pipe(speak(numbers, double, { invalid: 'skip' }))
      .subscribe()
    wire.give('1\n"x"\n2\nno json\n3\n')
    wire.fin()
    await until('the end', () => closed() !== undefined)
    expect(wire.text).toBe('2\n4\n6\n')
    expect(closed()).toMatchObject({ cause: { _tag: 'Finished' }, figures: { invalid: 2 } })
    expect(invalid()).toMatchObject([{ messages: 2, error: { _tag: 'Invalid', offset: 2, frame: '"x"' } }])
  })

  it('is told once for all of a chunk, however many, so that a flood of them costs one event [R18][R19]', async () => {
    const { wire, connection, invalid, closed } = talking()
    of(connection)
      .pipe(speak(numbers, double, { invalid: 'skip' }))
      .subscribe()
    wire.give('x\n'.repeat(2_000))
    await until('the first', () => invalid().length === 1)
    wire.give('y\n'.repeat(5))
    wire.fin()
    await until('the end', () => closed() !== undefined)
    expect(invalid().map(({ messages }) => messages)).toEqual([2_000, 5])
    expect(closed()?.figures.invalid).toBe(2_005)
  })

  it('is answered where that is asked for, in its place among the answers of the handler [R6][R19]', async () => {
    const { wire, connection, invalid, closed } = talking()
    const answer = ({ offset }: Invalid): number => -offset
    of(connection)
      .pipe(speak(numbers, double, { invalid: { answer } }))
      .subscribe()
    wire.give('1\n"x"\n2\n"y"\n')
    wire.fin()
    await until('the end', () => closed() !== undefined)
    expect(wire.text).toBe('2\n-2\n4\n-8\n')
    expect(closed()).toMatchObject({ cause: { _tag: 'Finished' }, figures: { invalid: 2 } })
    expect(invalid()).toMatchObject([{ messages: 2, error: { offset: 2 } }])
  })

  it('whose answers nobody takes holds the source, like any output [R3][R7]', async () => {
    const { wire, connection, closed } = talking()
    wire.stall()
    of(connection)
      .pipe(speak(numbers, double, { invalid: { answer: () => 1_000_000 } }))
      .subscribe()
    wire.give('x\n'.repeat(100))
    await turns()
    expect(connection.paused).toBe(true)
    expect(connection.figures.invalid).toBeLessThan(10)
    wire.drain()
    wire.fin()
    await until('the end', () => closed() !== undefined)
    expect(wire.text).toBe('1000000\n'.repeat(100))
    expect(connection.figures.invalid).toBe(100)
  })

  it('stops what is answered when the handler has ended our side [R9]', async () => {
    const { wire, connection, closed } = talking()
    of(connection)
      .pipe(speak(numbers, (in$) => in$.pipe(take(1)), { invalid: { answer: () => 0 } }))
      .subscribe()
    wire.give('x\n1\nx\n')
    wire.fin()
    await until('the end', () => closed() !== undefined)
    expect(wire.text).toBe('0\n1\n')
    expect(closed()?.cause).toEqual({ _tag: 'Finished' })
  })

  it('whose answer throws, or cannot be sent, ends that connection [R12]', async () => {
    const oh = new Error('oh')
    const answers = [
      () => {
        throw oh
      },
      () => NaN,
    ]
    const causes: unknown[] = []
    for (const answer of answers) {
      const { wire, connection, closed } = talking()
      of(connection)
        .pipe(speak(numbers, double, { invalid: { answer } }))
        .subscribe()
      wire.give('x\n')
      await until('the end', () => closed() !== undefined)
      causes.push(closed()?.cause)
    }
    expect(causes).toMatchObject([
      { _tag: 'HandlerFailed', error: oh },
      { _tag: 'ProtocolFailed', error: { _tag: 'NotEncodable' } },
    ])
  })

  it('is a value for a handler that wants it, in its place [R19]', async () => {
    const { wire, connection, invalid, closed } = talking()
    const heard: unknown[] = []
    const handler = (in$: Observable<Either<Invalid, number>>): Observable<number> =>
      in$.pipe(
        map((one) => (one._tag === 'Right' ? one.right : one.left.codec)),
        toArray(),
        filter((all) => heard.push(...all) === 0),
        map(() => 0),
      )
    of(connection)
      .pipe(speak(numbers, handler, { invalid: 'either' }))
      .subscribe()
    wire.give('1\n"x"\n2\n{\n')
    wire.fin()
    await until('the end', () => closed() !== undefined)
    expect(heard).toEqual([1, 'number', 2, 'json()'])
    expect(closed()).toMatchObject({ cause: { _tag: 'Finished' }, figures: { invalid: 0 } })
    expect(invalid()).toEqual([])
  })

  it('is not what a broken frame is: that is fatal under every policy [R17][R19]', async () => {
    const causes: unknown[] = []
    for (const invalid of ['skip', { answer: () => 0 }] as const) {
      const { wire, connection, closed } = talking()
      of(connection)
        .pipe(speak(numbers, double, { invalid }))
        .subscribe()
      wire.give(`x\n${'1'.repeat(65)}\n2\n`)
      await until('the end', () => closed() !== undefined)
      causes.push(closed()?.cause)
    }
    const tooLong = { _tag: 'ProtocolFailed', error: { _tag: 'TooLong', offset: 2 } }
    expect(causes).toMatchObject([tooLong, tooLong])
  })

  it('counts as a message where the gate and the clock of a frame are concerned [R3][R21]', async () => {
    const { wire, connection, closed } = talking()
    const slow = mapAsync(1, (n: number) => (n === 0 ? NEVER : of(n)))
    of(connection)
      .pipe(speak(numbers, slow, { invalid: 'skip' }))
      .subscribe()
    wire.give('x\n0\nx\nx\n')
    await turns()
    expect(connection.figures.invalid).toBe(1)
    connection.abort()
    await until('the end', () => closed() !== undefined)
  })
})

describe('serve', () => {
  it('tells the listener of what its conversations skip [R19]', async () => {
    const listener = await listening()
    const told: ListenerEvent[] = []
    listener.events$.subscribe((event) => {
      if (event._tag === 'Invalid') told.push(event)
    })
    const frames = pipe(lengthPrefixed({ width: 1 }), through(utf8), through(json()))
    of(listener)
      .pipe(serve(frames, (in$) => merge(in$), { invalid: 'skip' }))
      .subscribe()
    const peer = await peerOf(listener)
    peer.write('\x02{]\x011')
    expect(await next(peer, 2)).toBe('\x011')
    await until('the event', () => told.length === 1)
    expect(told).toMatchObject([{ messages: 1, error: { offset: 0 }, connection: { figures: { invalid: 1 } } }])
    peer.end()
    expect(await everything(peer)).toBe('')
  })

  it('refuses a policy that is none, or that no codec can obey [R27]', () => {
    const wrong = 'drop' as 'skip'
    expect(() => serve(numbers, double, { invalid: wrong })).toThrow("invalid is 'drop'")
    expect(() => speak(numbers, double, { invalid: {} as 'skip' })).toThrow('expected')
    expect(() => speak(lines(), (in$) => in$, { invalid: 'skip' })).toThrow('tolerant(): protocol is')
  })
})
