import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Clocks, ConnectionEvent, ConnectionOptions, Handler, WatchedClock } from '../src/index.ts'
import { EVENT_ORDER, spellEvents } from '../src/internal/connection/eventOrder.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { stuck, talking } from './support/talking.ts'

nothingLeft()

/** A conversation, and what its clocks tell. */
const told = (options: ConnectionOptions, handler?: Handler<string, string>) => {
  const talk = talking(options, handler)
  const events: ConnectionEvent[] = []
  talk.connection.events$.subscribe((event) => events.push(event))
  const idle = (): string[] =>
    events.flatMap((event) => (event._tag === 'Idle' ? [`${event.clock} ${String(event.afterMs)}`] : []))
  return { ...talk, events, idle }
}

/** How each clock comes to run while nobody speaks; that of a frame needs a conversation. */
const RUN: Readonly<Record<Exclude<WatchedClock, 'frame'>, (talk: ReturnType<typeof told>) => void>> = {
  silence: ({ connection }) => {
    connection.data$.subscribe({ error: () => undefined })
  },
  writeProgress: ({ wire, connection }) => {
    wire.stall()
    connection.write(Buffer.from('x'))
  },
  halfClosed: ({ connection }) => {
    connection.end()
  },
  linger: ({ connection }) => {
    connection.close()
  },
  consumer: ({ connection }) => {
    connection.pause()
  },
}

describe('a clock that only tells', () => {
  for (const [clock, run] of Object.entries(RUN)) {
    it(`says Idle for ${clock} again and again while the wait lasts, and ends nothing [R21]`, async () => {
      const clocks: Clocks = { [`${clock}Ms`]: 1_000, onExpiry: { [clock]: 'event' } }
      const talk = told(clocks, () => NEVER)
      run(talk)
      expect(await talk.wait(900)).toBe(null)
      expect(talk.idle()).toEqual([])
      expect(await talk.wait(300)).toBe(null)
      expect(talk.idle()).toEqual([`${clock} 1000`])
      for (let i = 0; i < 3; i++) expect(await talk.wait(1_130)).toBe(null)
      expect(talk.idle().length).toBeGreaterThanOrEqual(3)
      talk.connection.abort()
      await talk.wait(0)
      expect(spellEvents(talk.events)).toMatch(EVENT_ORDER)
    })
  }

  it('says so of a frame that is not finished, until it is [R21]', async () => {
    const { wire, connection, wait, idle } = told({ frameMs: 1_000, onExpiry: { frame: 'event' } })
    wire.give('half')
    expect(await wait(2_500)).toBe(null)
    expect(idle()).toEqual(['frame 1000', 'frame 1000'])
    wire.give(' and half\n')
    expect(await wait(10_000)).toBe(null)
    expect(idle()).toHaveLength(2)
    connection.abort()
  })

  it('starts anew with what it waits for [R21]', async () => {
    const { wire, connection, wait, idle } = told({ silenceMs: 1_000, onExpiry: { silence: 'event' } })
    await wait(1_100)
    wire.give('a\n')
    await wait(990)
    expect(idle()).toHaveLength(1)
    await wait(20)
    expect(idle()).toHaveLength(2)
    connection.abort()
  })

  it('leaves the others as they are [R21]', async () => {
    const { wait, idle } = told({ silenceMs: 100, lingerMs: 1_000, onExpiry: { silence: 'event' } }, () =>
      of('goodbye'),
    )
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('linger 1000')
    expect(idle()).toEqual([])
  })

  it('may end the connection all the same, by whoever hears it [R10][R21]', async () => {
    const { connection, wait } = told({ silenceMs: 1_000, onExpiry: { silence: 'event' } })
    connection.events$.subscribe(({ _tag }) => {
      if (_tag === 'Idle') connection.abort('idle for too long')
    })
    expect(await wait(10_000)).toBe('Aborted')
  })

  it('of a consumer counts anew when he takes something [R21]', async () => {
    const { wire, connection, wait, idle } = told({ consumerMs: 1_000, onExpiry: { consumer: 'event' } }, stuck)
    wire.give('a\n')
    await wait(2_300)
    expect(idle()).toEqual(['consumer 1000', 'consumer 1000'])
    connection.abort()
  })
})
