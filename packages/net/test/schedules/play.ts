import type { AddressInfo } from 'node:net'
import { createServer, Socket } from 'node:net'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Observable } from 'rxjs'
import { firstValueFrom, Subscription } from 'rxjs'
import type { Connection } from '../../src/index.ts'
import { connect, listen } from '../../src/index.ts'
import { CLOCKS, doPlainly, OurEnd } from './ends.ts'
import { judge, overrun } from './judge.ts'
import type { OurStep, PlainStep, Schedule } from './schedule.ts'

const HOST = '127.0.0.1'
/** Long after every deadline: who is not closed by then never will be. */
const NEVER_MS = 20_000

/** How one end of ours went. */
export interface Outcome {
  readonly cause: string
  readonly wrong: readonly string[]
  readonly overrunMs: number
}

/** A connection between two ends, and what is to be given back. */
interface Stage {
  readonly ends: readonly [first: OurEnd, second: OurEnd | Socket]
  close(): void
}

/** Plays a schedule on a real connection over loopback, and judges each end of ours. */
export const play = async (schedule: Schedule): Promise<readonly Outcome[]> => {
  const stage = await open(schedule)
  const [first, second] = stage.ends
  const ours = second instanceof OurEnd ? [first, second] : [first]
  for (const step of schedule.steps) {
    if (step.by === 'nobody') await turn()
    else if (step.by === 'first') first.do(step.does)
    else if (second instanceof OurEnd) second.do(step.does as OurStep)
    else doPlainly(second, step.does as PlainStep)
  }
  ours.forEach((end, i) => {
    end.leftAt = performance.now()
    end.do(schedule.last[i] ?? 'close')
  })
  await Promise.all(ours.map(closed))
  stage.close()
  const outcomes = ours.map((end, i) => {
    const other = ours[1 - i]
    const broke = other === undefined ? true : other.closed?.cause._tag !== 'Finished'
    return { cause: causeOf(end), wrong: judge(end, { broke }), overrunMs: overrun(end) }
  })
  return outcomes
}

const causeOf = ({ closed }: OurEnd): string => {
  if (closed === null) return 'never closed'
  return closed.cause._tag === 'TimedOut' ? `TimedOut ${closed.cause.clock}` : closed.cause._tag
}

const closed = (end: OurEnd): Promise<void> =>
  new Promise((resolve) => {
    const giveUp = setTimeout(resolve, NEVER_MS)
    end.connection.events$.subscribe({
      complete: () => {
        clearTimeout(giveUp)
        resolve()
      },
    })
  })

const open = async ({ first, accepted, second }: Schedule): Promise<Stage> => {
  const plain = second === 'plain'
  const server = plain && !accepted ? await plainServer() : await ourServer()
  const client = plain && accepted ? plainClient(server.port) : ourClient(server.port)
  const [there, here] = await Promise.all([server.accepted, client.connected])
  const [one, other] = accepted ? [there, here] : [here, there]
  if (one instanceof Socket) throw new Error('the first end is ours')
  const ours = new OurEnd(one, first === 'spoken')
  const ends = [ours, other instanceof Socket ? other : new OurEnd(other, second === 'spoken')] as const
  if (first === 'raw') ours.did.add('raw')
  if (second === 'raw' && ends[1] instanceof OurEnd) ends[1].did.add('raw')
  return {
    ends,
    close: () => {
      client.close()
      server.close()
    },
  }
}

const ourServer = async () => {
  const { promise, subscription } = subscribed(listen({ port: 0, host: HOST, ...CLOCKS }))
  const listener = await promise
  const accepted: Promise<Connection | Socket> = firstValueFrom(listener.connections$)
  return { port: listener.address.port ?? 0, accepted, close: () => subscription.unsubscribe() }
}

const ourClient = (port: number) => {
  const { promise, subscription } = subscribed(connect({ host: HOST, port, ...CLOCKS }))
  const connected: Promise<Connection | Socket> = promise
  return { connected, close: () => subscription.unsubscribe() }
}

const plainServer = async () => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  let socket: Socket | null = null
  const accepted = once(server, 'connection').then(([one]): Connection | Socket => {
    if (!(one instanceof Socket)) throw new Error('a server accepts sockets')
    socket = one
    one.on('error', () => undefined)
    return one
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  const close = (): void => {
    socket?.destroy()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, accepted, close }
}

const plainClient = (port: number) => {
  const socket = new Socket({ allowHalfOpen: true })
  socket.on('error', () => undefined)
  const connected = once(socket.connect({ port, host: HOST }), 'connect').then((): Connection | Socket => socket)
  return { connected, close: () => socket.destroy() }
}

const subscribed = <A>(one$: Observable<A>) => {
  const subscription = new Subscription()
  const promise = new Promise<A>((next, error) => {
    subscription.add(one$.subscribe({ next, error }))
  })
  return { promise, subscription }
}
