import fc from 'fast-check'
import type { Observable } from 'rxjs'
import { concat, lastValueFrom, of, reduce, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, currentGate, writeTo } from '../src/index.ts'
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
    await until('the FIN', () => connection.remoteEnded)
    expect(connection.figures.bytesRead).toBe(3)
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
