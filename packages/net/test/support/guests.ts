import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createConnection } from 'node:net'
import { lines } from '@sluice/protocol'
import { map, of } from 'rxjs'
import type { Listener, ListenerEvent } from '../../src/index.ts'
import { serve } from '../../src/index.ts'
import type { Reachable } from './loopback.ts'
import { peerOf, portOf } from './loopback.ts'
import { afterwards } from './nothingLeft.ts'
import { until } from './turns.ts'

/** Upper-cases lines. */
export const shouting = serve<string, string>(lines(), map((line) => line.toUpperCase())) // prettier-ignore

export const shoutingAt = (listener: Listener): void => {
  of(listener).pipe(shouting).subscribe()
}

const name = (event: ListenerEvent): string => ('reason' in event ? `${event._tag} ${event.reason}` : event._tag)

/** What a listener tells, in words; `Listening` is left out. */
export const told = (listener: Listener): string[] => {
  const events: string[] = []
  listener.events$.subscribe((event) => event._tag !== 'Listening' && events.push(name(event)))
  return events
}

/** Peers that have come, one after the other, so that their order is known. */
export const come = async (listener: Listener, count: number): Promise<Socket[]> => {
  const peers = []
  for (let i = 0; i < count; i++) {
    const { arrived } = listener.counts
    peers.push(await peerOf(listener))
    await until('arrived', () => listener.counts.arrived === arrived + 1)
  }
  return peers
}

/** A peer with another address of loopback. */
export const from = async (localAddress: string, target: Reachable): Promise<Socket> => {
  const { address } = target.address
  const host = address === '::' ? '127.0.0.1' : address
  const peer = createConnection({ port: portOf(target), host, localAddress, allowHalfOpen: true })
  peer.on('error', () => undefined)
  afterwards(() => {
    peer.destroy()
  })
  await once(peer, 'connect')
  return peer
}
