import type { Fault } from '../../network/fault.ts'
import { cut } from './cutting.ts'
import type { Fabric } from './fabric.ts'
import type { HostState } from './hostState.ts'
import type { Link } from './link.ts'
import type { Software } from './software.ts'

/** What a fault touches. */
export interface Injected {
  readonly fabric: Fabric
  readonly software: (host: HostState) => Software
}

/** Brings a fault about; the answer ends it. */
export const inject = ({ fabric, software }: Injected, fault: Fault): (() => void) => {
  const host = (name: string): HostState => fabric.host(name)
  const both = ([a, b]: readonly [string, string]): readonly Link[] => [
    fabric.link(host(a), host(b)),
    fabric.link(host(b), host(a)),
  ]
  switch (fault._tag) {
    case 'Partition':
      return cut(fabric, both(fault.between))
    case 'Cut':
      return cut(fabric, [fabric.link(host(fault.from), host(fault.to))])
    case 'Slow':
      return change(both(fault.between), (link) => {
        link.extraMs += fault.extraMs
        return () => {
          link.extraMs -= fault.extraMs
        }
      })
    case 'Narrow':
      return change(both(fault.between), (link) => link.narrow(fault.bytesPerSecond / 1000))
    case 'Drip':
      return change(both(fault.between), (link) => {
        link.drips++
        return () => {
          link.drips--
        }
      })
    case 'Reset':
      return resetAll(host(fault.between[0]), host(fault.between[1]))
    case 'Kill':
      return software(host(fault.host)).kill()
    case 'Crash':
      return software(host(fault.host)).crash()
  }
}

const change = (links: readonly Link[], begin: (link: Link) => () => void): (() => void) => {
  const ends = links.map(begin)
  return () => {
    for (const end of ends) end()
  }
}

/** A firewall that forgets: what goes between the two is reset at both ends. */
const resetAll = (one: HostState, other: HostState): (() => void) => {
  for (const socket of [...one.sockets]) {
    const peer = socket.peer
    if (peer?.host !== other) continue
    socket.reset()
    peer.reset()
  }
  return () => undefined
}
