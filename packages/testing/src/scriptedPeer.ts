import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createConnection, createServer } from 'node:net'
import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import { realTime } from './internal/faults/realTime.ts'
import { Player } from './internal/script/player.ts'
import type { Script } from './script.ts'
import { ScriptBroken } from './scriptBroken.ts'

/** Options of {@link scriptedPeer}. */
export interface ScriptedPeerOptions {
  /** Default `server`: it is connected to, once. A `client` connects. */
  readonly role?: 'server' | 'client'
  /** Default for a server: a free one. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** A Unix socket, instead of port and host. */
  readonly path?: string
  /** How long the other side may take for what a step expects. Default 5,000; `Infinity`: as long as it likes. */
  readonly withinMs?: number
  /** Where the time of `wait` and `withinMs` comes from. Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/** A peer that plays its script. */
export interface ScriptedPeer extends AsyncDisposable {
  /** Where a server listens; 0 for a Unix socket and for a client. */
  readonly port: number
  /** The script was played to its end; or rejects with `ScriptBroken`. Nobody has to listen. */
  readonly done: Promise<void>
  /** Destroys its socket, and waits until that is closed. A script that is not done is broken by it. */
  readonly close: () => Promise<void>
}

/**
 * A peer that does exactly what it is told, and expects exactly what it is told, on a plain socket of Node's: for
 * testing one side of a protocol against each word of the other.
 *
 * ```
 *  script.write('220 hi\r\n').read('QUIT\r\n').end()
 *
 *  peer ──220 hi──▶ yours         as a server: listens, and plays for the first who comes; later ones are refused
 *       ◀───QUIT───               as a client: connects, and plays
 *       ───FIN────▶               any departure: done rejects, and the socket is destroyed
 * ```
 *
 * A departure is: other bytes than the step reads, an end or a reset where it wants bytes, nothing within `withinMs`,
 * or bytes behind the last step that have come by then. Bytes are compared as they come, however they are cut. It
 * waits for events, and for time only in `wait`.
 *
 * When the script is done the socket stays open until `close`, unless the script itself has ended it.
 *
 * Rejects with the system's error where it cannot listen or connect; `done` rejects with `ScriptBroken`. Throws
 * `WrongOption` for a time that is none, and for a client without a target.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { connect, requestUntilClose } from '@sluice/net'
 * import { script, scriptedPeer } from '@sluice/testing'
 * import { lastValueFrom } from 'rxjs'
 *
 * const server = await scriptedPeer(script.read('hello\n').write('HEL').write('LO\n').readEnd().end())
 * const answer$ = connect({ port: server.port }).pipe(requestUntilClose(lines(), ['hello']))
 * console.log(await lastValueFrom(answer$)) // HELLO
 * await server.done
 *
 * const strict = await scriptedPeer(script.read('hello\n'))
 * connect({ port: strict.port })
 *   .pipe(requestUntilClose(lines(), ['help']))
 *   .subscribe({ error: () => undefined })
 * await strict.done.catch((error: Error) => console.log(error.message)) // the script was left at step 1 of 1
 * //
 * // ✗ read  "hello\n"
 * //   got   "help\n"
 * //            ^
 * ```
 */
export const scriptedPeer = async (script: Script, options: ScriptedPeerOptions = {}): Promise<ScriptedPeer> => {
  const { role = 'server', withinMs = 5000, scheduler = realTime, port, path } = options
  const where = 'scriptedPeer()'
  if (!(withinMs > 0)) throw new WrongOption(where, 'withinMs', withinMs, 'milliseconds over 0, or Infinity')
  if (role === 'client' && port === undefined && path === undefined) {
    throw new WrongOption(where, 'port', port, 'a target for the client')
  }
  const { socket$, port: bound, refuse } = await (role === 'client' ? connected(options) : listening(options))
  let player: Player | null = null
  let stopped = false
  const play = async (): Promise<void> => {
    const socket = await socket$
    if (socket === null) throw new ScriptBroken(script.steps, 0, { _tag: 'Stopped', bytes: new Uint8Array(0) })
    socket.on('error', () => undefined)
    player = new Player(socket, scheduler, withinMs)
    await player.play(script.steps)
  }
  const done = play()
  // it may be looked at later, or never
  done.catch(() => undefined)
  const close = async (): Promise<void> => {
    if (!stopped) player?.stop()
    stopped = true
    refuse()
    const socket = await socket$
    if (socket !== null && !socket.closed) {
      const closed = once(socket, 'close')
      socket.destroy()
      await closed
    }
    await done.catch(() => undefined)
  }
  return { port: bound, done, close, [Symbol.asyncDispose]: close }
}

/** A socket to come, or `null` if there never was one. */
interface Arrival {
  readonly socket$: Promise<Socket | null>
  readonly port: number
  readonly refuse: () => void
}

const SOCKET = { allowHalfOpen: true, noDelay: true }

const connected = async ({ port = 0, host = '127.0.0.1', path }: ScriptedPeerOptions): Promise<Arrival> => {
  const socket = createConnection({ ...SOCKET, ...(path === undefined ? { port, host } : { path }) })
  await once(socket, 'connect')
  return { socket$: Promise.resolve(socket), port: 0, refuse: () => undefined }
}

const listening = async ({ port = 0, host = '127.0.0.1', path }: ScriptedPeerOptions): Promise<Arrival> => {
  const server = createServer(SOCKET)
  const socket$ = new Promise<Socket | null>((resolve) => {
    server.once('connection', (socket) => {
      server.close()
      resolve(socket)
    })
    server.once('close', () => {
      resolve(null)
    })
  })
  server.listen(path === undefined ? { port, host } : { path })
  await once(server, 'listening')
  const address = server.address()
  return {
    socket$,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    refuse: () => {
      server.close()
    },
  }
}
