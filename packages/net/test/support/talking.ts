import { lines } from '@sluice/protocol'
import { concat, ignoreElements, NEVER, of } from 'rxjs'
import type { ConnectionOptions, Handler } from '../../src/index.ts'
import { fromDuplex, mapAsync, speak } from '../../src/index.ts'
import { turns } from './turns.ts'
import { VirtualClock } from './virtualClock.ts'
import { Wire } from './wire.ts'

/** Hears everything, says nothing, ends when the peer does. */
const listens: Handler<string, string> = (in$) => in$.pipe(ignoreElements())

/** Takes one message and is never done with it: its source is held for ever. */
export const stuck: Handler<string, string> = (in$) => concat(in$.pipe(mapAsync(1, () => NEVER)), NEVER)

/**
 * A conversation over a stream in memory, in virtual time. `wait` lets time pass and the loop turn, and
 * answers how the connection has ended, if it has: a clock with its limit, or the cause.
 */
export const talking = (options: ConnectionOptions, handler: Handler<string, string> = listens) => {
  const [wire, clock] = [new Wire(), new VirtualClock()]
  const connection = fromDuplex(wire, { ...options, scheduler: clock })
  let closed: string | null = null
  of(connection)
    .pipe(speak(lines(), handler))
    .subscribe(({ cause }) => {
      closed = cause._tag === 'TimedOut' ? `${cause.clock} ${String(cause.afterMs)}` : cause._tag
    })
  const wait = async (ms: number): Promise<string | null> => {
    await turns(2)
    clock.advance(ms)
    await turns(2)
    return closed
  }
  return { wire, connection, wait, clock }
}
