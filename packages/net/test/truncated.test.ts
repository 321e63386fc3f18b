import { Truncated, lines } from '@sluice/protocol'
import { catchError, concat, firstValueFrom, ignoreElements, map, NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { mapAsync, speak } from '../src/index.ts'
import { clientPair, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

describe('a FIN inside a frame', () => {
  it('is Truncated, with its phase, what came, what is known of what was to come, and the bytes [R13]', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), shout)))
    peer.end('whole\nhalf')
    expect(await everything(peer)).toBe('WHOLE\n')
    const { cause } = await talk
    expect(cause).toMatchObject({
      _tag: 'Truncated',
      error: { phase: 'line', got: 4, expected: undefined, offset: 6, fault: 'remote' },
    })
    expect(cause).toHaveProperty('error.bytes', Buffer.from('half'))
  })

  it('is Truncated also where half a character came, and none of its line [R5][R13]', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), shout)))
    peer.end(Buffer.from([0xe2, 0x82]))
    expect(await everything(peer)).toBe('')
    expect((await talk).cause).toMatchObject({ _tag: 'Truncated', error: { got: 2 } })
  })

  it('is a line where the protocol says so [R13]', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(lines({ unterminated: 'line' }), shout)))
    peer.end('whole\nhalf')
    expect(await everything(peer)).toBe('WHOLE\nHALF\n')
    expect((await talk).cause).toEqual({ _tag: 'Finished' })
  })

  it('comes out of the input, after the messages before it, and may be answered [R13]', async () => {
    const { connection, peer } = await pair()
    const answer: Handler<string, string> = (in$) =>
      shout(in$, connection).pipe(catchError((error: unknown) => of(error instanceof Truncated ? 'cut' : 'other')))
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), answer)))
    peer.end('whole\nhalf')
    expect(await everything(peer)).toBe('WHOLE\ncut\n')
    expect((await talk).cause._tag).toBe('Truncated')
  })

  it('is Truncated for a client too, also when its own side had ended before [R13]', async () => {
    const { connection, peer } = await clientPair()
    const ask: Handler<string, string> = (in$, self) => {
      self.send(lines(), 'question')
      self.end()
      return in$.pipe(ignoreElements())
    }
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), ask)))
    expect(await everything(peer)).toBe('question\n')
    peer.end('ans')
    expect((await talk).cause).toMatchObject({ _tag: 'Truncated', error: { got: 3 } })
  })

  it('is found however late the reader comes to it, after both sides have ended [R3][R13]', async () => {
    const { connection, peer } = await clientPair()
    const seen: string[] = []
    let goOn = (): void => undefined
    const slow: Handler<string, string> = (in$, self) => {
      self.end()
      return in$.pipe(
        mapAsync(1, (line) => {
          seen.push(line)
          return new Promise<void>((resolve) => (goOn = resolve))
        }),
        ignoreElements(),
      )
    }
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), slow)))
    peer.resume()
    peer.end('a\nb\nhalf')
    for (const count of [1, 2]) {
      await until('the line', () => seen.length === count)
      await until('the peer closed', () => peer.closed || count === 1)
      goOn()
    }
    expect((await talk).cause).toMatchObject({ _tag: 'Truncated', error: { got: 4 } })
    expect(seen).toEqual(['a', 'b'])
  })
})

describe('a reset behind unread data', () => {
  it('is never Finished for an unfinished line [R13]', async () => {
    for (let i = 0; i < 20; i++) {
      const { connection, peer } = await pair()
      const talk = firstValueFrom(of(connection).pipe(speak(lines(), shout)))
      peer.write('whole\nhalf', () => peer.resetAndDestroy())
      expect(['Reset', 'Truncated']).toContain((await talk).cause._tag)
    }
  })

  it('is never Finished for a client that has ended before either [R13]', async () => {
    for (let i = 0; i < 20; i++) {
      const { connection, peer } = await clientPair()
      const talk = firstValueFrom(
        of(connection).pipe(speak(lines(), (in$) => concat(in$.pipe(ignoreElements()), NEVER))),
      )
      connection.end()
      await everything(peer)
      peer.write('whole\nhalf', () => peer.resetAndDestroy())
      expect(['Reset', 'Truncated']).toContain((await talk).cause._tag)
    }
  })
})
