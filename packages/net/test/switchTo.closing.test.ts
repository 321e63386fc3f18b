import { lengthPrefixed, lines } from '@sluice/protocol'
import { concat, defer, firstValueFrom, ignoreElements, map, mergeMap, NEVER, of, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Handler } from '../src/index.ts'
import { fromDuplex, speak, switchTo } from '../src/index.ts'
import { clientPair, closing, everything } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const frames = lengthPrefixed()
const frame = (text: string): string => `\0\0\0${String.fromCharCode(text.length)}${text}`
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** At the first line, `hook` is called; from there on frames are collected, and the end of them is noted. */
const collecting =
  (seen: string[], hook: (connection: Connection) => void = () => undefined): Handler<string, string> =>
  (in$, connection) => {
    const collect: Handler<Uint8Array, Uint8Array> = (frames$) =>
      frames$.pipe(tap({ next: (one) => seen.push(text(one)), complete: () => seen.push('end') }), ignoreElements())
    return in$.pipe(
      take(1),
      tap(() => hook(connection)),
      mergeMap(() => switchTo(connection, frames, collect)),
    )
  }

describe('a FIN that is pending when the protocol is switched', () => {
  it('comes behind the rest of the chunk, which goes to the new decoder (F57) [R2][R4]', async () => {
    const seen: string[] = []
    const { wire, wait } = talking({}, collecting(seen))
    wire.give(`GO\n${frame('a')}${frame('b')}`)
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect(seen).toEqual(['a', 'b', 'end'])
  })

  it('ends the new input at once where there is no rest [R2]', async () => {
    const seen: string[] = []
    const { wire, wait } = talking({}, collecting(seen))
    wire.give('GO\n')
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect(seen).toEqual(['end'])
  })

  it('cuts a frame of the new protocol, whose offset counts from where that began [R13][R19]', async () => {
    const wire = new Wire()
    const seen: string[] = []
    const talk = firstValueFrom(of(fromDuplex(wire)).pipe(speak(lines(), collecting(seen))))
    wire.give(`GO\n${frame('whole')}${frame('cut off').slice(0, -1)}`)
    wire.fin()
    const { cause, figures } = await talk
    expect(cause).toMatchObject({ _tag: 'Truncated', error: { offset: 9, got: 10, expected: 11 } })
    expect(figures).toMatchObject({ bytesRead: 22, bytesUnread: 10 })
    expect(seen).toEqual(['whole'])
  })

  it('waits where the switch is made while the connection is paused [R2][R3]', async () => {
    const seen: string[] = []
    const { wire, connection, wait } = talking(
      {},
      collecting(seen, (self) => self.pause()),
    )
    wire.give(`GO\n${frame('a')}`)
    wire.fin()
    expect(await wait(0)).toBe(null)
    expect([seen, connection.figures.bytesUnread, connection.remoteEnded]).toEqual([[], 5, false])
    connection.resume()
    expect(await wait(0)).toBe('Finished')
    expect(seen).toEqual(['a', 'end'])
  })

  it('has come from a socket that is gone, and still the rest is read first [R4][R10]', async () => {
    const { connection, peer } = await clientPair()
    const seen: string[] = []
    const talk = firstValueFrom(of(connection).pipe(speak(lines(), collecting(seen))))
    connection.pause()
    connection.end()
    expect(await everything(peer)).toBe('')
    peer.end(`GO\n${frame('a')}${frame('b')}`)
    await until('the peer gone', () => peer.closed || peer.writableFinished)
    await turns(20)
    expect(seen).toEqual([])
    connection.resume()
    expect((await talk).cause).toEqual({ _tag: 'Finished' })
    expect(seen).toEqual(['a', 'b', 'end'])
  })

  it('was cut short by a stream that broke down: the rest is read first, by whom there is [R4][R10]', async () => {
    for (const reads of [true, false]) {
      const seen: string[] = []
      const { wire, connection, wait } = talking({}, (in$, self) => {
        const deaf$ = in$.pipe(mergeMap(() => switchTo(self, frames, () => NEVER)))
        const rest$ = reads ? collecting(seen)(in$, self) : deaf$
        return concat(in$.pipe(take(1), tap(() => self.pause()), ignoreElements()), rest$) // prettier-ignore
      })
      wire.give(`WAIT\nGO\n${frame('a')}`)
      await wait(0)
      wire.fin()
      wire.read(0)
      await wait(0)
      wire.destroy()
      expect(await wait(0)).toBe(null)
      connection.resume()
      expect(await wait(0)).toBe('Reset')
      expect(seen).toEqual(reads ? ['a', 'end'] : [])
    }
  })

  it('was told while an earlier handler had left bytes in its decoder, and they are read [R1][R4]', async () => {
    const seen: string[] = []
    const { wire, connection, wait } = talking(
      {},
      (in$, self) =>
      concat(in$.pipe(take(1)), new Promise<string>((resolve) => setImmediate(resolve, 'later')), collecting(seen)(in$, self)), // prettier-ignore
    )
    wire.give(`a\nGO\n${frame('b')}`)
    wire.fin()
    await until('the end', () => connection.localEnded)
    expect(await wait(0)).toBe('Finished')
    expect(seen).toEqual(['b', 'end'])
  })
})

describe('a switch', () => {
  it('on a connection that was closed in the same dispatch has an input that is over [R11]', async () => {
    const seen: string[] = []
    const { wire, connection, wait } = talking({}, (in$, self) => {
      const collect$ = defer(() => {
        self.close()
        return switchTo(self, frames, (frames$) => frames$.pipe(tap({ complete: () => seen.push('end') })))
      })
      return concat(in$.pipe(take(1), ignoreElements()), collect$)
    })
    wire.give(`GO\n${frame('not any more')}`)
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect(seen).toEqual(['end'])
    expect(connection.figures.bytesUnread).toBe(16)
  })

  it('on a connection that is over begins nothing that lasts [R10][R14]', async () => {
    const { connection } = talking({}, () => NEVER)
    connection.abort('before')
    await closing(connection)
    const errors: unknown[] = []
    switchTo(connection, lines(), (in$) => in$).subscribe({ error: (error: unknown) => errors.push(error) })
    expect(errors).toMatchObject([{ _tag: 'ConnectionLost', reason: { reason: 'before' } }])
  })

  it('where nobody speaks yet begins with the first byte [R4]', async () => {
    const wire = new Wire()
    const connection = fromDuplex(wire)
    const shout = map((line: string) => line.toUpperCase())
    switchTo(connection, lines(), shout).subscribe({ error: () => undefined })
    wire.give('a\nb\n')
    await turns()
    expect(wire.text).toBe('A\nB\n')
    connection.abort()
  })
})
