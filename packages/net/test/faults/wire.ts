import { execFileSync, spawn } from 'node:child_process'
import type { Bench } from './bench.ts'
import type { Child } from './child.ts'
import { started } from './child.ts'

/** The two ends of the wire: ours, and the peer's. `.ci/faults.mjs` makes them. */
export const OURS = '10.77.0.1'
export const THEIRS = '10.77.0.2'
/** The namespace of the peer; ours is the one this runs in. */
const PEER = 'sluice-b'

const run = (command: string): void => {
  const [file = '', ...args] = command.split(' ')
  execFileSync(file, args, { stdio: 'pipe' })
}

/** What can be done to the wire between two machines; undone when the row is over. */
export const wire = {
  /** Pulls the cable: nothing arrives any more, and nobody is told. */
  cut: (bench: Bench): (() => void) =>
    undoable(bench, `ip -n ${PEER} link set vb down`, `ip -n ${PEER} link set vb up`),
  /** What arrives there is never answered. */
  swallow: (bench: Bench): (() => void) =>
    undoable(bench, `ip -n ${PEER} route add blackhole ${OURS}/32`, `ip -n ${PEER} route del blackhole ${OURS}/32`),
  /** Somebody on the way resets the connections of a port, on the side of the peer. */
  reset: (port: number): void => {
    run(`ip netns exec ${PEER} ss -K -t ( sport = :${String(port)} or dport = :${String(port)} )`)
  },
  /** A slow link whose queue is short, so that it drops what comes too fast. */
  lossy: (bench: Bench): (() => void) =>
    undoable(bench, 'tc qdisc replace dev va root tbf rate 20mbit burst 4kb limit 8kb', 'tc qdisc del dev va root'),
  /** Small packets. */
  tiny: (bench: Bench): (() => void) => undoable(bench, 'ip link set va mtu 600', 'ip link set va mtu 1500'),
}

const undoable = (bench: Bench, command: string, undo: string): (() => void) => {
  run(command)
  let undone = false
  const back = (): void => {
    if (!undone) run(undo)
    undone = true
  }
  bench.afterwards(back)
  return back
}

/** Runs a piece of plain JavaScript at the other end of the wire. */
export const away = (bench: Bench, text: string, ...args: readonly string[]): Child =>
  started(
    bench,
    spawn('ip', ['netns', 'exec', PEER, process.execPath, '-e', text, '--', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
