import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionEvent, Handler } from '../src/index.ts'
import { speak } from '../src/index.ts'
import { closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const record = (connection: Connection): string[] => {
  const told: string[] = []
  connection.events$.subscribe(({ _tag }: ConnectionEvent) => told.push(_tag))
  return told
}

/** Echoes, and pauses the connection at every message it is told to. */
const pausing =
  (seen: string[], at: (line: string) => boolean): Handler<string, string> =>
  (in$, connection) =>
    in$.pipe(
      tap((line) => {
        seen.push(line)
        if (at(line)) connection.pause()
      }),
    )

const collect = (data$: Observable<Uint8Array>): { text: string } => {
  const got = { text: '' }
  data$.subscribe({ next: (bytes) => (got.text += Buffer.from(bytes).toString()), error: () => undefined })
  return got
}

describe('pause', () => {
  it('inside the handler stops at that very message, in the middle of a chunk, and loses none [R3][R4]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    of(connection).pipe(speak(lines(), pausing(seen, (line) => line < 'd'))).subscribe() // prettier-ignore
    peer.end('a\nb\nc\nd\ne\n')
    for (const expected of ['a', 'ab', 'abc']) {
      await until('the message', () => seen.length >= expected.length)
      await turns(20)
      expect(seen.join('')).toBe(expected)
      expect(connection.paused).toBe(true)
      connection.resume()
    }
    expect(await everything(peer)).toBe('a\nb\nc\nd\ne\n')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('of raw bytes stops behind the chunk in hand, and what comes meanwhile stays with the kernel [R3]', async () => {
    const { connection, peer } = await pair()
    let got = ''
    connection.data$.subscribe((bytes) => {
      got += Buffer.from(bytes).toString()
      connection.pause()
    })
    peer.write('a')
    await until('the first chunk', () => got === 'a')
    peer.end('b'.repeat(500_000))
    await turns(50)
    expect(got).toBe('a')
    expect(connection.figures.bytesRead).toBeLessThan(200_000)
    while (got.length < 500_001) {
      connection.resume()
      await turns(1)
    }
    connection.resume()
    expect(got).toBe(`a${'b'.repeat(500_000)}`)
    connection.end()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('before the first subscriber keeps everything from him, until the connection is resumed [R1][R3]', async () => {
    const { connection, peer } = await pair()
    connection.pause()
    const got = collect(connection.data$)
    peer.end('hello')
    await turns(30)
    expect(got.text).toBe('')
    expect(connection.figures.bytesRead).toBe(0)
    connection.resume()
    await until('the text', () => got.text === 'hello')
  })

  it('lasts from one subscriber to the next [R1][R3]', async () => {
    const { connection, peer } = await pair()
    const first = connection.data$.subscribe(() => {
      connection.pause()
      first.unsubscribe()
    })
    peer.write('a')
    await until('the first', () => first.closed)
    const second = collect(connection.data$)
    peer.write('b')
    await turns(30)
    expect(second.text).toBe('')
    connection.resume()
    await until('the rest', () => second.text === 'b')
  })

  it('and resume again change nothing more, and are told once each, in turns [R3]', async () => {
    const { wire, connection } = talking({})
    const told = record(connection)
    const steps = [
      ['pause', true],
      ['pause', true],
      ['resume', false],
      ['resume', false],
      ['pause', true],
      ['resume', false],
    ] as const
    for (const [step, paused] of steps) {
      connection[step]()
      expect(connection.paused).toBe(paused)
    }
    wire.give('a\n')
    await turns()
    expect(told).toEqual(['Connected', 'Paused', 'Resumed', 'Paused', 'Resumed', 'Data'])
    connection.abort()
  })

  it('that is taken back in the same dispatch does not interrupt it [R3]', async () => {
    const seen: string[] = []
    const { wire, connection } = talking({}, (in$, self) =>
      in$.pipe(
        tap((line) => {
          seen.push(line)
          self.pause()
          expect(self.paused).toBe(true)
          self.resume()
          expect(self.paused).toBe(false)
        }),
      ),
    )
    const told = record(connection)
    wire.give('a\nb\nc\n')
    await turns()
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['Connected', 'Data'])
    connection.abort()
  })

  it('taken back does not open a gate that another holds [R3]', async () => {
    const { wire, connection } = talking({ highWaterMark: 1 }, (in$) => in$)
    wire.stall()
    wire.give('a\nb\n')
    await turns()
    connection.pause()
    connection.resume()
    wire.give('c\n')
    await turns()
    expect(connection.paused).toBe(true)
    expect(connection.figures.bytesRead).toBe(4)
    wire.drain()
    await turns()
    expect(connection.paused).toBe(false)
    expect(wire.text).toBe('a\nb\nc\n')
    connection.abort()
  })
})

describe('paused', () => {
  it('is true while nobody subscribes, while a sink is full, and while it was asked for [R1][R3]', async () => {
    const { connection, peer } = await pair()
    expect(connection.paused).toBe(true)
    const reading = connection.data$.subscribe({ error: () => undefined })
    expect(connection.paused).toBe(false)
    connection.pause()
    expect(connection.paused).toBe(true)
    connection.resume()
    expect(connection.paused).toBe(false)
    reading.unsubscribe()
    expect(connection.paused).toBe(true)
    peer.destroy()
  })
})
