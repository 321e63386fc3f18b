import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { EMPTY, firstValueFrom, from, NEVER, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Closed, Connection, Gate } from '../src/index.ts'
import { currentGate, fromDuplex, speak } from '../src/index.ts'
import { shout } from './support/converse.ts'
import { closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const talk = (connection: Connection, out$: Observable<string>): Promise<Closed> =>
  firstValueFrom(of(connection).pipe(speak(lines(), () => out$)))

const hold = (gate: Gate | null, holder: object): void => {
  gate?.hold(holder)
}

describe('speak', () => {
  it('tells the end of a connection to each of two conversations on it [R10]', async () => {
    const { connection, peer } = await pair()
    const both = [talk(connection, NEVER), firstValueFrom(of(connection).pipe(speak(lines(), shout)))]
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
    const [one, two] = await Promise.all(both)
    expect(one).toBe(two)
    expect(one?.cause).toEqual({ _tag: 'Finished' })
  })

  it('on a connection that is over answers how it ended, and begins nothing that lasts [R10][R14]', async () => {
    const { connection } = await pair()
    connection.abort('before')
    const closed = await closing(connection)
    const source$ = new Subject<string>()
    expect(await talk(connection, source$)).toBe(closed)
    expect(source$.observed).toBe(false)
  })

  it('that is unsubscribed while a socket that is gone still waits for its reader is closed too [R10][R14]', async () => {
    const wire = new Wire()
    const connection = fromDuplex(wire)
    const holder = {}
    const chunks: string[] = []
    let gate: Gate | null = null
    connection.data$.subscribe({
      next: (bytes) => {
        chunks.push(Buffer.from(bytes).toString())
        gate = currentGate()
      },
      error: () => undefined,
    })
    wire.give('a')
    await turns()
    connection.end()
    hold(gate, holder)
    wire.fin()
    await turns()
    connection.abort('enough')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: 'enough' })
    expect(chunks).toEqual(['a'])
  })

  it('completes when its source has, and every conversation is over [R10]', async () => {
    const [one, two] = [new Wire(), new Wire()]
    const connections = [fromDuplex(one), fromDuplex(two)]
    const told: string[] = []
    from(connections)
      .pipe(speak(lines(), shout))
      .subscribe({ next: ({ cause }) => told.push(cause._tag), complete: () => told.push('complete') })
    one.fin()
    await turns()
    expect(told).toEqual(['Finished'])
    two.give('half')
    two.fin()
    await turns()
    expect(told).toEqual(['Finished', 'Truncated', 'complete'])
    const none: string[] = []
    EMPTY.pipe(speak(lines(), shout)).subscribe({ complete: () => none.push('complete') })
    expect(none).toEqual(['complete'])
  })

  it('whose source fails passes that on, and breaks off what is open [R14]', async () => {
    const connection = fromDuplex(new Wire())
    const oh = new Error('oh')
    const errors: unknown[] = []
    const source$ = new Subject<Connection>()
    source$.pipe(speak(lines(), shout)).subscribe({ error: (error: unknown) => errors.push(error) })
    source$.next(connection)
    source$.error(oh)
    expect(errors).toEqual([oh])
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: undefined })
  })

  it('takes no connection of another library, and says so [R27]', () => {
    const errors: unknown[] = []
    const strange = { id: 1 } as unknown as Connection
    of(strange)
      .pipe(speak(lines(), shout))
      .subscribe({ error: (error: unknown) => errors.push(error) })
    expect(errors).toMatchObject([{ _tag: 'WrongOption' }])
  })
})
