import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { Observable } from 'rxjs'
import { concat, firstValueFrom, lastValueFrom, map, of, reduce, Subject, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { createGate, currentGate, speak, writeTo } from '../src/index.ts'
import { clientPair, closing, everything, pair } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const text = (bytes$: Observable<Uint8Array>): Promise<string> =>
  lastValueFrom(bytes$.pipe(reduce((all, bytes) => all + Buffer.from(bytes).toString(), '')))

describe('data$', () => {
  it('reads no byte before the first subscriber, and he gets them all [R1]', async () => {
    const { connection, peer } = await pair()
    peer.end('hello')
    await turns(50)
    expect(connection.figures.bytesRead).toBe(0)
    expect(await text(connection.data$)).toBe('hello')
    expect(connection.figures.bytesRead).toBe(5)
  })

  it('of a client too reads no byte before the first subscriber [R1]', async () => {
    const { connection, peer } = await clientPair()
    peer.end('hello')
    await turns(50)
    expect(connection.figures.bytesRead).toBe(0)
    expect(await text(connection.data$)).toBe('hello')
  })

  it('loses no byte between two subscribers, wherever the first leaves [R1][R4]', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 4 }),
      async (takes, pause) => {
        const { connection, peer } = await pair()
        let got = ''
        const read = async (bytes$: Observable<Uint8Array>): Promise<void> => {
          got += await text(bytes$)
        }
        const writing = (async () => {
          for (let i = 0; i < 10; i++) {
            peer.write(`${String(i)},`)
            await turns(2)
          }
          peer.end()
        })()
        for (const count of takes) {
          if (count > 0) await read(connection.data$.pipe(take(count)))
          await turns(pause)
        }
        await read(connection.data$)
        await writing
        expect(got).toBe('0,1,2,3,4,5,6,7,8,9,')
        giveBack()
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('has one subscriber at a time: a second gets AlreadySubscribed, the first goes on unharmed [R1]', async () => {
    const { connection, peer } = await pair()
    const first = text(connection.data$)
    await expect(text(connection.data$)).rejects.toMatchObject({ _tag: 'AlreadySubscribed' })
    peer.end('hello')
    expect(await first).toBe('hello')
  })

  it('keeps what comes after our end for who subscribes later [R1][R2]', async () => {
    const { connection, peer } = await clientPair()
    const asked = everything(peer).then((question) => peer.end(`to ${question}: answer`))
    const both$ = concat(of(Buffer.from('question')).pipe(writeTo(connection)), connection.data$)
    expect(await text(both$)).toBe('to question: answer')
    await asked
    expect((await closing(connection)).cause._tag).toBe('Finished')
  })

  it('is completed by the FIN of the peer and nothing else; writing stays open [R2]', async () => {
    const { connection, peer } = await pair()
    const reading = text(connection.data$)
    connection.write(Buffer.from('early, '))
    peer.end('bye')
    expect(await reading).toBe('bye')
    connection.write(Buffer.from('late'))
    connection.end()
    expect(await everything(peer)).toBe('early, late')
    expect((await closing(connection)).cause._tag).toBe('Finished')
  })

  it('is not completed by our own end [R2]', async () => {
    const { connection, peer } = await pair()
    const reading = text(connection.data$)
    connection.end()
    expect(await everything(peer)).toBe('')
    peer.end('after your end')
    expect(await reading).toBe('after your end')
  })

  it('completes at once for who comes after the FIN, and fails for who comes after a reset [R2][R10]', async () => {
    const { connection, peer } = await pair()
    peer.end()
    await text(connection.data$)
    expect(await text(connection.data$)).toBe('')
    const reset = await pair()
    reset.connection.abort()
    await expect(text(reset.connection.data$)).rejects.toMatchObject({
      _tag: 'ConnectionLost',
      reason: { _tag: 'Aborted' },
    })
  })

  it('emits nothing while its gate is held, and everything once it is released [R3][R4]', async () => {
    const { connection, peer } = await pair()
    const holder = {}
    const chunks: string[] = []
    let release = (): void => undefined
    connection.data$.subscribe((bytes) => {
      chunks.push(Buffer.from(bytes).toString())
      const gate = currentGate()
      gate?.hold(holder)
      release = () => gate?.release(holder)
    })
    peer.write('a')
    await until('the first chunk', () => chunks.length === 1)
    peer.write('b')
    await turns(20)
    peer.end('c')
    await turns(20)
    expect(chunks).toEqual(['a'])
    while (chunks.join('') !== 'abc') {
      release()
      await turns(1)
    }
    release()
    await until('the FIN', () => connection.figures.bytesRead === 3)
  })
})

describe('the input of a handler', () => {
  it('keeps what is decoded for its next subscriber, also in the middle of a chunk [R1]', async () => {
    const { connection, peer } = await pair()
    const seen$ = new Subject<string>()
    const seen = firstValueFrom(seen$.pipe(toArray()))
    of(connection)
      .pipe(
        speak(lines(), (in$) => {
          const first$ = in$.pipe(take(1), map((line) => `first ${line}`)) // prettier-ignore
          const next$ = in$.pipe(take(2), map((line) => `next ${line}`)) // prettier-ignore
          const rest$ = in$.pipe(map((line) => `rest ${line}`))
          return concat(first$, next$, rest$)
        }),
      )
      .subscribe({ complete: () => seen$.complete() })
    peer.end('a\nb\nc\nd\ne\n')
    expect(await everything(peer)).toBe('first a\nnext b\nnext c\nrest d\nrest e\n')
    await seen
  })

  it('of a gate that is held gives its next subscriber nothing either [R1][R3]', async () => {
    const { connection, peer } = await pair()
    const holder = {}
    const seen: string[] = []
    let release = (): void => undefined
    of(connection)
      .pipe(
        speak(lines(), (in$) => {
          const hold = map((line: string) => {
            const gate = currentGate()
            gate?.hold(holder)
            release = () => gate?.release(holder)
            seen.push(line)
            return line
          })
          return concat(in$.pipe(hold, take(1)), in$.pipe(hold))
        }),
      )
      .subscribe()
    peer.end('a\nb\nc\n')
    for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await until(`so many lines: ${String(expected.length)}`, () => seen.length >= expected.length)
      await turns(10)
      expect(seen).toEqual(expected)
      release()
    }
    expect(await everything(peer)).toBe('a\nb\nc\n')
  })

  it('has one subscriber at a time [R1]', async () => {
    const { connection, peer } = await pair()
    const errors: unknown[] = []
    const twice: Handler<string, string> = (in$) => {
      queueMicrotask(() => in$.subscribe({ error: (error: unknown) => errors.push(error) }))
      return in$.pipe(map((line) => line.toUpperCase()))
    }
    of(connection).pipe(speak(lines(), twice)).subscribe()
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
    expect(errors).toMatchObject([{ _tag: 'AlreadySubscribed' }])
  })
})

describe('a gate of no connection', () => {
  it('does not reach a connection that is fed outside of a dispatch [R3]', async () => {
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const { connection } = await pair({ highWaterMark: 1 })
    gate.run(() => undefined)
    connection.write(Buffer.from('x'))
    expect(told).toEqual([])
  })
})
