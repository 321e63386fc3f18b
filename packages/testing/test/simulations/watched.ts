import type { Connection, ConnectOptions, ListenOptions } from '@sluice/net'
import { map, tap } from 'rxjs'
import type { Simulation } from '@sluice/testing'
import { Spelling } from '../conformance/witness.ts'

/** What every connection of every simulation is held to: its events obey their grammar, and its writer its bound. */
export const watched = ({ host, fail, always }: Simulation, bounds: { readonly maxUnsentBytes: number }) => {
  const open = new Set<Connection>()
  const watch = (connection: Connection): void => {
    const spelling = new Spelling()
    open.add(connection)
    connection.events$.subscribe({
      next: (event) => {
        spelling.add(event)
      },
      complete: () => {
        open.delete(connection)
        if (!spelling.lawful) fail(`the events of a connection break their grammar: ${spelling.text}`)
      },
    })
  }
  const most = bounds.maxUnsentBytes + 64 * 1024
  always('no writer holds more than its bound [R7]', () => [...open].every(({ unsentBytes }) => unsentBytes <= most))
  return {
    connect: (name: string, options: ConnectOptions) =>
      host(name)
        .connect({ ...bounds, ...options })
        .pipe(tap(watch)),
    listen: (name: string, options: ListenOptions) =>
      host(name)
        .listen({ ...bounds, ...options })
        .pipe(map((listener) => ({ ...viewOf(listener), connections$: listener.connections$.pipe(tap(watch)) }))),
  }
}

/** A listener whose properties can be overlaid. */
const viewOf = <A extends object>(listener: A): A => Object.create(listener) as A
