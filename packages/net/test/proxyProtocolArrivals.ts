import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createConnection, createServer } from 'node:net'
import type { ConnectionEvent, Proxied, ProxyAcceptOptions } from '../src/index.ts'
import { ProxyHeaderFailed } from '../src/index.ts'
import type { Arrival, Stage } from '../src/internal/server/arrival.ts'
import { proxyStage } from '../src/internal/server/stages/proxyStage.ts'
import { dial, HOST } from './support/loopback.ts'
import { afterwards } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

/** What became of one socket in a stage: handed on, or refused; and what ends the stage. */
export interface Staged {
  readonly socket: Socket
  readonly outcomes: (Arrival | Error)[]
  readonly stop: () => void
}

export const EARLIER: ConnectionEvent = { _tag: 'Lookup', host: 'earlier', addresses: [] }

/** A plain server whose sockets go through a stage, and a plain client of it. */
export const staging = async (options: Partial<ProxyAcceptOptions> = {}, path?: string) => {
  const clock = new VirtualClock()
  const stage = proxyStage('listen()', { trusted: ['127.0.0.0/8'], ...options }, clock)
  return { clock, stage, ...(await through(stage, path)) }
}

const through = async (stage: Stage, path?: string) => {
  const staged: Staged[] = []
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    const outcomes: (Arrival | Error)[] = []
    const tell = (outcome: Arrival | Error): void => {
      outcomes.push(outcome)
    }
    staged.push({ socket, outcomes, stop: stage({ duplex: socket, milestones: [EARLIER] }, tell, tell) })
    afterwards(() => socket.destroy())
  })
  server.listen(path === undefined ? { port: 0, host: HOST } : { path })
  await once(server, 'listening')
  afterwards(() => server.close())
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  /** A client, and its socket in the stage. */
  const arrive = async (): Promise<{ readonly peer: Socket; readonly at: Staged }> => {
    const peer = path === undefined ? dial(port) : dialPath(path)
    const before = staged.length
    await once(peer, 'connect')
    await until('accepted', () => staged.length > before)
    const at = staged[before]
    if (at === undefined) throw new Error('nobody arrived')
    return { peer, at }
  }
  return { arrive, port, staged }
}

const dialPath = (path: string): Socket => {
  const peer = createConnection({ path, allowHalfOpen: true })
  peer.on('error', () => undefined)
  afterwards(() => {
    peer.destroy()
  })
  return peer
}

/** What the stage handed on. */
export const handedOn = async ({ outcomes }: Staged): Promise<Arrival> => {
  await until('an outcome', () => outcomes.length !== 0)
  const [arrival] = outcomes
  if (arrival === undefined || arrival instanceof Error) throw arrival ?? new Error('none')
  return arrival
}

/** What an arrival says of the proxy it came through. */
export const proxiedOf = ({ milestones }: Arrival): Proxied => {
  const last = milestones.at(-1)
  if (last?._tag !== 'Proxied') throw new Error('it came through none')
  return last
}

/** Why the stage refused. */
export const refusedFor = async ({ outcomes }: Staged): Promise<ProxyHeaderFailed> => {
  await until('an outcome', () => outcomes.length !== 0)
  const [error] = outcomes
  if (!(error instanceof ProxyHeaderFailed)) throw new Error('not refused')
  return error
}
