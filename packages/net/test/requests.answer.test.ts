import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { EMPTY, from, map, NEVER, of, Subject, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { answer, client, connect, correlated, listen, pipelined, serve } from '../src/index.ts'
import { HOST, listening, peerOf, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'
import { bench, heard } from './support/work.ts'

nothingLeft()

describe('answer', () => {
  it('works on so many at once, and answers in order, or as they come', () => {
    for (const ordered of [true, false]) {
      const { started, work, finish } = bench()
      const seen = heard(from(['a', 'b', 'c']).pipe(answer(work, { parallelism: 2, ordered })))
      expect(started).toEqual(['a', 'b'])
      finish('b')
      finish('a')
      finish('c')
      expect(seen).toEqual(ordered ? ['A', 'B', 'C', 'completed'] : ['B', 'A', 'C', 'completed'])
    }
  })

  it('answers nothing to what needs no answer', () => {
    expect(heard(of('a', 'b').pipe(answer((text) => (text === 'a' ? EMPTY : of(text)))))).toEqual(['b', 'completed'])
  })

  it('fails with what its function fails with, or answers that', () => {
    const error = new Error('oh')
    const thrown = (): never => {
      throw error
    }
    for (const f of [thrown, () => throwError(() => error)]) {
      expect(heard(of('a').pipe(answer(f)))).toEqual([error])
      const whenFailed = (why: unknown, request: string): string => `${request}: ${String(why)}`
      expect(heard(of('a').pipe(answer(f, { whenFailed })))).toEqual(['a: Error: oh', 'completed'])
      expect(heard(of('a').pipe(answer(f, { whenFailed: thrown })))).toEqual([error])
    }
  })

  it('aborts the signal of what is in hand when the peer goes, and of nothing that was answered', async () => {
    const signals: Record<string, AbortSignal> = {}
    const closed = new Subject<string>()
    const listener = await listening()
    const serving = of(listener)
      .pipe(
        serve(
          lines(),
          answer((line, { signal }) => {
            signals[line] = signal
            return line === 'quick' ? of('done') : NEVER
          }),
        ),
      )
      .subscribe(({ closed: { cause } }) => {
        closed.next(cause._tag)
      })
    afterwards(() => {
      serving.unsubscribe()
    })
    const peer = await peerOf(listener)
    peer.write('quick\nslow\n')
    await until('both are begun', () => signals['slow'] !== undefined)
    const over = heard(closed)
    peer.resetAndDestroy()
    await until('it is over', () => over.length === 1)
    expect([signals['quick']?.aborted, signals['slow']?.aborted, over]).toEqual([false, true, ['Reset']])
  })

  it('gives a signal that is aborted already to who asks late', () => {
    let late: (() => AbortSignal) | null = null
    const requests$ = new Subject<string>()
    const working = requests$
      .pipe(
        answer((_, answering) => {
          late = () => answering.signal
          return NEVER
        }),
      )
      .subscribe()
    requests$.next('a')
    working.unsubscribe()
    const signal = late as (() => AbortSignal) | null
    expect(signal?.().aborted).toBe(true)
  })

  it('is the other side of a client: a thousand requests over loopback, in order and out of order', async () => {
    for (const ordered of [true, false]) {
      const mode = ordered
        ? pipelined<string, string>()
        : correlated<string, string, string>({ idOf: parseInt, withId: (text, id) => `${String(id)} ${text}` })
      const port = await new Promise<number>((resolve) => {
        const serving = listen({ port: 0, host: HOST })
          .pipe(
            map((listener) => {
              resolve(portOf(listener))
              return listener
            }),
            serve(
              lines(),
              answer(async (line) => Promise.resolve(line.toUpperCase()), { ordered }),
            ),
          )
          .subscribe()
        afterwards(() => {
          serving.unsubscribe()
        })
      })
      const asking = client(connect({ port, host: HOST }), lines(), mode, { window: 100 })
      const texts = Array.from({ length: 1_000 }, (_, i) => `text ${String(i)}`)
      const answers = await Promise.all(texts.map((text) => asking.request(text)()))
      const heardBack = answers.map((one) => (E.isRight(one) ? one.right.replace(/^\d+ /, '') : one.left._tag))
      expect(heardBack).toEqual(texts.map((text) => text.toUpperCase()))
      await asking.close()
    }
  })
})
