import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import { lastValueFrom, map, of, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionEvent } from '../src/index.ts'
import { fromDuplex, speak } from '../src/index.ts'
import { EVENT_ORDER, spellEvents } from '../src/internal/connection/eventOrder.ts'
import { closing, pair } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const MILESTONES = 'lCsRLF.'

const record = (connection: Connection): ConnectionEvent[] => {
  const events: ConnectionEvent[] = []
  connection.events$.subscribe((event) => events.push(event))
  return events
}
const all = (connection: Connection): Promise<ConnectionEvent[]> => lastValueFrom(connection.events$.pipe(toArray()))

type Step = 'write' | 'read' | 'stop' | 'end' | 'close' | 'abort' | 'peerWrite' | 'peerEnd' | 'peerReset' | 'turn'
const STEPS: readonly Step[] = ['write', 'read', 'stop', 'end', 'close', 'peerWrite', 'peerEnd', 'turn', 'turn', 'turn'] // prettier-ignore
const LAST: readonly Step[] = ['abort', 'peerReset', 'close']

describe('events$', () => {
  it('obeys its grammar whatever happens, and completes after Closed [R10]', async () => {
    const schedule = fc.array(fc.constantFrom(...STEPS), { maxLength: 14 })
    const property = fc.asyncProperty(schedule, fc.constantFrom(...LAST), async (steps, last) => {
      const { connection, peer } = await pair({ lingerMs: 10, halfClosedMs: 20, probeMs: 10, writeProgressMs: 50 })
      peer.resume()
      const early = all(connection)
      let reading = connection.data$.subscribe({ error: () => undefined })
      for (const step of [...steps, last]) {
        if (step === 'write') connection.write(Buffer.alloc(5_000))
        if (step === 'read' && reading.closed) reading = connection.data$.subscribe({ error: () => undefined })
        if (step === 'stop') reading.unsubscribe()
        if (step === 'end') connection.end()
        if (step === 'close') connection.close()
        if (step === 'abort') connection.abort()
        if (step === 'peerWrite' && peer.writable) peer.write(Buffer.alloc(5_000))
        if (step === 'peerEnd') peer.end()
        if (step === 'peerReset' && !peer.writableEnded) peer.resetAndDestroy()
        if (step === 'turn') await turn()
      }
      connection.close()
      const { figures } = await closing(connection)
      const events = await early
      expect(spellEvents(events)).toMatch(EVENT_ORDER)
      const letters = [...spellEvents(events)].filter((letter) => MILESTONES.includes(letter)).join('')
      expect(spellEvents(await all(connection))).toBe(letters)
      const bytes = events.flatMap((event) => (event._tag === 'Data' ? [event.bytes] : []))
      expect(bytes.reduce((sum, count) => sum + count, 0)).toBe(figures.bytesRead)
      giveBack()
    })
    await fc.assert(property, { numRuns: 300 })
  })

  it('tells who comes late the milestones so far, then goes on with him [R10]', async () => {
    const { connection, peer } = await pair()
    connection.data$.subscribe({ error: () => undefined })
    const first = record(connection)
    peer.write('hello')
    await until('the data', () => spellEvents(first) === 'Cd')
    connection.end()
    await until('our end', () => spellEvents(first) === 'CdL')
    const second = record(connection)
    expect(spellEvents(second)).toBe('CL')
    peer.end()
    peer.resume()
    await closing(connection)
    expect([spellEvents(first), spellEvents(second)]).toEqual(['CdLR.', 'CLR.'])
  })

  it('names both ends in Connected, and Data its bytes', async () => {
    const { connection, peer, listener } = await pair()
    const events = record(connection)
    connection.data$.subscribe({ error: () => undefined })
    peer.write('hello')
    await until('the data', () => events.length === 2)
    expect(events).toMatchObject([
      {
        _tag: 'Connected',
        local: { family: 'IPv4', port: listener.address.port },
        remote: { family: 'IPv4', port: peer.localPort },
      },
      { _tag: 'Data', bytes: 5 },
    ])
  })

  it('comes in the same order for all, also when who hears of one causes the next (F43)', async () => {
    const wire = new Wire()
    wire.stall()
    const connection = fromDuplex(wire, { whenFull: 'dropNewest', maxUnsentBytes: 1 })
    let meddled = false
    connection.events$.subscribe(({ _tag }) => {
      if (_tag !== 'Dropped' || meddled) return
      meddled = true
      connection.write(Buffer.from('dropped as well'))
      connection.abort('in the middle')
    })
    const second = record(connection)
    connection.write(Buffer.from('on its way'))
    await turns(2)
    connection.write(Buffer.from('dropped'))
    await closing(connection)
    expect(spellEvents(second)).toBe('CxxF.')
  })

  it('goes on for the others when one of them leaves or breaks the connection', async () => {
    const { connection, peer } = await pair()
    let ended = false
    connection.events$.subscribe(({ _tag }) => {
      if (_tag === 'Data' && !ended) connection.abort()
      ended = true
    })
    const events = record(connection)
    const meddling = connection.events$.subscribe(({ _tag }) => {
      if (_tag === 'Data') meddling.unsubscribe()
    })
    connection.data$.subscribe({ error: () => undefined })
    peer.write('x')
    await turns(5)
    connection.abort()
    await closing(connection)
    expect(spellEvents(events)).toBe('Cd.')
  })

  it('tells of pausing and going on, when the writer of an answer is full [R3]', async () => {
    const { connection, peer } = await pair({ highWaterMark: 1_000 })
    const events = record(connection)
    of(connection)
      .pipe(
        speak(
          lines(),
          map((line) => line.repeat(1_000)),
        ),
      ) // prettier-ignore
      .subscribe()
    peer.pause()
    peer.write(`${'x'.repeat(50)}\n`.repeat(400))
    await until('the pause', () => spellEvents(events).includes('p'))
    peer.resume()
    await until('the resumption', () => /p+r.*w/.test(spellEvents(events)))
    peer.end()
    await closing(connection)
    expect(spellEvents(events)).toMatch(EVENT_ORDER)
  })
})

describe('the grammar of events', () => {
  it('takes what may happen to a connection, and refuses the rest [R10]', () => {
    const may = [
      'C.',
      'lCs.',
      'CF.',
      'Cd.',
      'CdddRL.',
      'CLdR.',
      'CprprdiwxRL.',
      'CRwxiL.',
      'CdsdRLF.',
      'CsdprRL.',
      'CrR.',
    ]
    const never = ['', 'C', '.', 'd.', 'Cd', 'Cd..', 'CF', 'CFd.', 'CFF.', 'C.F', 'CC.', 'Cl.', 'llC.', 'sC.', 'Css.']
    const ends = ['CRdL.', 'CRR.', 'CLLR.', 'CdRdL.', 'Cpp.', 'Cprr.', 'CpdpR.']
    expect(may.filter((events) => !EVENT_ORDER.test(events))).toEqual([])
    expect([...never, ...ends].filter((events) => EVENT_ORDER.test(events))).toEqual([])
  })
})
