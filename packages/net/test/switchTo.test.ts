import { bytes, lengthPrefixed, lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { concat, concatMap, endWith, map, mergeMap, NEVER, of, Subject, take, takeUntil, takeWhile, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { mapAsync, switchTo } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns } from './support/turns.ts'

nothingLeft()

const frames = lengthPrefixed()

/** A frame of {@link frames}. */
const frame = (text: string): string => `\0\0\0${String.fromCharCode(text.length)}${text}`

/** Answers lines in capitals; at `GO` answers `ok`, and from there frames with their text reversed. */
const switching =
  (frames$: (in$: Observable<Uint8Array>) => Observable<Uint8Array> = reversed): Handler<string, string> =>
  (in$, connection) =>
    in$.pipe(
      concatMap((line) =>
        line === 'GO' ? concat(of('ok'), switchTo(connection, frames, frames$)) : of(line.toUpperCase()),
      ),
    )

const reversed = map((frame: Uint8Array) => Buffer.from(frame).reverse())

describe('switchTo', () => {
  it('stops the decoder in the middle of a chunk, and the next one reads the rest, once (F57) [R4]', async () => {
    const { wire, wait } = talking({}, switching())
    wire.give(`a\nGO\n${frame('abc')}${frame('\n')}\0\0`)
    await wait(0)
    expect(wire.text).toBe(`A\nok\n${frame('cba')}${frame('\n')}`)
    wire.give('\0\x03xyz')
    await wait(0)
    expect(wire.text.endsWith(frame('zyx'))).toBe(true)
    wire.give(frame('half').slice(0, -1))
    wire.fin()
    expect(await wait(0)).toBe('Truncated')
  })

  it('reads what comes later where nothing was left over [R4]', async () => {
    const { wire, connection, wait } = talking({}, switching())
    wire.give('GO\n')
    await wait(0)
    expect(connection.figures.bytesUnread).toBe(0)
    wire.give(frame('abc'))
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect(wire.text).toBe(`ok\n${frame('cba')}`)
  })

  it('leaves what was written before in front, and one dispatch is one batch [R6]', async () => {
    const { wire, connection, wait } = talking({}, switching())
    wire.give(`a\nGO\n${frame('abc')}`)
    await wait(0)
    expect(wire.batches).toEqual([`A\nok\n${frame('cba')}`])
    connection.abort()
  })

  it('completes the input of the handler before, whose last words are still of its own protocol [R6]', async () => {
    const told: string[] = []
    const { wire, connection, wait } = talking({}, (in$, self) =>
      in$.pipe(
        tap({ complete: () => told.push('lines are over') }),
        endWith('GO ON'),
        mergeMap((line) => (line === 'GO' ? switchTo(self, frames, reversed) : of(line))),
      ),
    )
    wire.give(`a\nGO\n${frame('abc')}`)
    await wait(0)
    expect(wire.text).toBe(`a\nGO ON\n${frame('cba')}`)
    expect(told).toEqual(['lines are over'])
    connection.abort()
  })

  it('takes over at any later moment, also where that is nobody’s dispatch [R4]', async () => {
    const go$ = new Subject<void>()
    const { wire, connection, wait } = talking({}, (in$, self) => {
      const first$ = in$.pipe(mapAsync(1, (line) => go$.pipe(map(() => line))), take(1)) // prettier-ignore
      return concat(first$, switchTo(self, frames, reversed))
    })
    wire.give(`GO\n${frame('a\nb')}`)
    await wait(0)
    expect(connection.figures.bytesUnread).toBe(7)
    go$.next()
    await wait(0)
    expect(wire.text).toBe(`GO\n${frame('b\na')}`)
    expect(connection.figures.bytesUnread).toBe(0)
    connection.abort()
  })

  it('reads behind messages that came before, not into what was decoded and is still on its way [R4]', async () => {
    const answers$ = new Subject<string>()
    const { wire, connection, wait } = talking({}, (in$, self) =>
      in$.pipe(
        takeWhile((line) => line !== 'GO'),
        mapAsync(8, (line) => answers$.pipe(map((answer) => line + answer))),
        endWith('bye'),
        (lines$) => concat(lines$, switchTo(self, frames, reversed)),
      ),
    )
    wire.give(`a\nb\nGO\n${frame('xy')}`)
    await wait(0)
    expect(wire.text).toBe('')
    answers$.next('!')
    await wait(0)
    expect(wire.text).toBe(`a!\nb!\nbye\n${frame('yx')}`)
    connection.abort()
  })

  it('completes with the new handler, and our side stays open until the outermost ends it [R9]', async () => {
    const { wire, wait } = talking({}, (in$, self) => {
      const one: Handler<Uint8Array, Uint8Array> = (frames$) => frames$.pipe(take(1))
      return concat(in$.pipe(take(1)), switchTo(self, frames, one), of('and out'))
    })
    wire.give(`GO\n${frame('abc')}${frame('not read')}`)
    await wait(0)
    expect(wire.text).toBe(`GO\n${frame('abc')}and out\n`)
    wire.fin()
    expect(await wait(0)).toBe('Finished')
  })

  it('goes to and fro without end where who is done comes back before the next [R4][R14]', async () => {
    const rounds = 3_000
    const { wire, wait } = talking({}, (_, self) => {
      const line$ = switchTo(self, lines(), (in$) => in$.pipe(take(1)))
      const frame$ = switchTo(self, frames, (in$) => in$.pipe(take(1)))
      return concat(...Array.from({ length: rounds }, () => [line$, frame$]).flat())
    })
    wire.give(`a\n${frame('b')}`.repeat(rounds))
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect(wire.text).toBe(`a\n${frame('b')}`.repeat(rounds))
  })

  it('may switch again within, as deep as it likes, in one chunk [R4]', async () => {
    const seen: string[] = []
    const down: Handler<string, string> = (in$, self) =>
      in$.pipe(
        mergeMap((line) => {
          seen.push(line)
          return switchTo(self, lines(), down)
        }),
      )
    const { wire, wait } = talking({}, down)
    const sent = Array.from({ length: 300 }, (_, i) => String(i))
    wire.give(`${sent.join('\n')}\n`)
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect(seen).toEqual(sent)
  })

  it('of two at once the later one has the bytes, and the earlier one no input at all [R4]', async () => {
    const { wire, connection, wait } = talking({}, (in$, self) =>
      in$.pipe(
        mergeMap(() =>
          concat(
            switchTo(self, lines(), (lost$) =>
              concat(
                switchTo(self, bytes(), (raw$) => raw$),
                lost$,
              ),
            ),
            of('done'),
          ),
        ),
      ),
    )
    wire.give('GO\nrest\n')
    wire.fin()
    await wait(0)
    expect(wire.text).toBe('rest\ndone\n')
    connection.abort()
  })

  it('stops the new handler when it is unsubscribed, and the bytes stay for the next [R1][R14]', async () => {
    const stop$ = new Subject<void>()
    const { wire, connection, wait } = talking({}, (in$, self) => {
      const frames$ = switchTo(self, frames, (more$) => more$)
      return concat(in$.pipe(take(1)), frames$.pipe(takeUntil(stop$)), switchTo(self, bytes(), reversed), NEVER)
    })
    wire.give(`GO\n${frame('a')}\0\0`)
    await wait(0)
    stop$.next()
    await wait(0)
    wire.give('!')
    await turns()
    expect(wire.text).toBe(`GO\n${frame('a')}\0\0!`)
    connection.abort()
  })
})
