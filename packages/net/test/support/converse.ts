import { lines } from '@sluice/protocol'
import { firstValueFrom, map, of } from 'rxjs'
import { expect } from 'vitest'
import type { Closed, Connection, ConnectionEvent, Handler } from '../../src/index.ts'
import { showCause, speak } from '../../src/index.ts'
import { turns } from './turns.ts'

/** Short lines, so that a limit is easy to meet. */
export const protocol = lines({ maxFrameBytes: 32 })

export const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

/** Holds a conversation, and checks that its end is told once, last of all, the same to everybody (O1). */
export const converse = async (connection: Connection, handler: Handler<string, string>): Promise<Closed> => {
  const events: ConnectionEvent[] = []
  connection.events$.subscribe((event) => events.push(event))
  const closed = await firstValueFrom(of(connection).pipe(speak(protocol, handler)))
  expect(events.filter(({ _tag }) => _tag === 'Closed')).toEqual([closed])
  expect(events.at(-1)).toBe(closed)
  await turns()
  expect(events.at(-1)).toBe(closed)
  expect(connection.figures).toBe(closed.figures)
  expect(showCause(closed.cause)).not.toBe('')
  return closed
}
