import assert from 'node:assert/strict'
import type { Connection, ReconnectEvent } from '../../../src/index.ts'
import { backoff, connect, reconnect } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import type { Bench } from '../bench.ts'
import { HOST } from '../bench.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** How many clients try to come back in each tenth of a second, by the clock of the row. */
const comingBack = (bench: Bench, port: number, clients: number) => {
  const attempts: number[] = []
  const up = new Set<Connection>()
  const tell = (event: ReconnectEvent): void => {
    if (event._tag === 'Connecting' && event.attempt > 0) attempts.push(Math.floor(bench.clock.now() / 100))
    else if (event._tag === 'Up') up.add(event.connection)
    else if (event._tag === 'Lost') up.delete(event.connection)
  }
  for (let i = 0; i < clients; i++) {
    const client = connect({ port, host: HOST, scheduler: bench.clock })
      .pipe(reconnect(backoff({ initialMs: 5_000 }), { scheduler: bench.clock, tell }))
      .subscribe((connection) => {
        bench.watch(connection)
        bench.drain(connection)
      })
    bench.afterwards(() => {
      client.unsubscribe()
    })
  }
  return { attempts, up }
}

export const storm: readonly Row[] = [
  {
    id: 'F51',
    title: 'a server that is gone and comes back: its clients come back spread out, and all of them do [R22]',
    sides: ['client'],
    causes: ['Reset', 'Aborted', 'Finished'],
    run: async (bench) => {
      const CLIENTS = 200
      const first = await bench.listening()
      const port = first.address.port ?? 0
      const taken = first.connections$.subscribe((connection) => {
        bench.drain(connection)
      })
      const { attempts, up } = comingBack(bench, port, CLIENTS)
      await until('all to be up', () => up.size === CLIENTS)
      first.abort()
      taken.unsubscribe()
      await until('all to be down', () => up.size === 0)
      const step = async (): Promise<void> => {
        bench.clock.advance(100)
        await turns(3)
      }
      for (let tenth = 0; tenth < 30; tenth++) await step()
      const second = await bench.listening({ port })
      const serving = second.connections$.subscribe((connection) => {
        bench.drain(connection)
      })
      bench.afterwards(() => {
        serving.unsubscribe()
      })
      for (let tenth = 0; up.size < CLIENTS; tenth++) {
        assert.ok(tenth < 2_000, 'they do not come back')
        await step()
      }
      const windows = new Map<number, number>()
      for (const tenth of attempts) windows.set(tenth, (windows.get(tenth) ?? 0) + 1)
      assert.ok(Math.max(...windows.values()) <= CLIENTS / 10, 'they come back in a crowd')
      for (const connection of up) connection.abort()
      await until(
        'the ends',
        () => up.size === 0 || bench.watched.every(({ events }) => events.at(-1)?._tag === 'Closed'),
      )
    },
  },
]
