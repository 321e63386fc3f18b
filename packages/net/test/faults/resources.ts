import { readdirSync, readFileSync } from 'node:fs'

const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'PipeWrap', 'PipeServerWrap', 'Timeout', 'Immediate']
const SIGNALS = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection', 'warning', 'exit', 'beforeExit']

/** What a process holds: descriptors, what keeps it alive, and who listens to it. */
export const resources = (): Readonly<Record<string, number>> => {
  const active = process.getActiveResourcesInfo()
  return Object.fromEntries([
    ['descriptors', readdirSync('/proc/self/fd').length] as const,
    ...KINDS.map((kind) => [kind, active.filter((name) => name === kind).length] as const),
    ...SIGNALS.map((name) => [`on ${name}`, process.listenerCount(name)] as const),
  ])
}

/** What there is more of than before; empty when all was given back. */
export const surplus = (before: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0)))

/** The states of the kernel's sockets that a program of ours must not leave behind. */
const STATES = { ESTABLISHED: '01', FIN_WAIT1: '04', FIN_WAIT2: '05', CLOSE_WAIT: '08', LISTEN: '0A' } as const

export type State = keyof typeof STATES

/** The kernel's TCP sockets at these ports, either end, in one of the states: `CLOSE_WAIT at port 40123`. */
export const inKernel = (ports: readonly number[], states = Object.keys(STATES) as readonly State[]): string[] => {
  const names = new Map(states.map((state) => [STATES[state] as string, state]))
  const wanted = new Map(ports.map((port) => [port.toString(16).toUpperCase().padStart(4, '0'), port]))
  const portIn = (address = ''): number | undefined => wanted.get(address.slice(address.lastIndexOf(':') + 1))
  const found: string[] = []
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local, remote, state = ''] = line.trim().split(/\s+/)
    const [name, port] = [names.get(state), portIn(local) ?? portIn(remote)]
    if (name !== undefined && port !== undefined) found.push(`${name} at port ${String(port)}`)
  }
  return found
}
