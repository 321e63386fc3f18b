import type { Fabric } from './fabric.ts'
import type { Link } from './link.ts'

/** Who talks over these roads has reason to doubt that the other still lives. */
export const cut = (fabric: Fabric, links: readonly Link[]): (() => void) => {
  for (const link of links) link.cut()
  for (const { sockets } of fabric.hosts) for (const socket of sockets) socket.suspect()
  return () => {
    for (const link of links) link.heal()
  }
}
