import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

const NOTHING = Buffer.alloc(0)
const NODE = process.versions['bun'] === undefined && process.versions['deno'] === undefined

/** Whether it is Node itself: of other runtimes less is known. */
export const isNode = (): boolean => NODE

/** The socket at the bottom of a stream: itself, or what TLS runs over. Only of that one a reset or a probe makes sense. */
export const rawSocketOf = (duplex: Duplex): Socket | null => {
  if (!(duplex instanceof TLSSocket)) return duplex instanceof Socket ? duplex : null
  const parent: unknown = NODE ? Reflect.get(duplex, '_parent') : undefined
  return parent instanceof Socket ? rawSocketOf(parent) : null
}

/** Connected over TCP: a Unix socket has no address. That of the peer is lost where it has gone already (FAULTS 0.12). */
export const isTcp = (socket: Socket): boolean =>
  !socket.destroyed && !socket.connecting && socket.localAddress !== undefined

/**
 * Destroys a stream. TLS over a socket that is being closed goes with that one: destroyed by itself meanwhile, it
 * is freed at once, and the process crashes where OpenSSL is still at work on it (Node 20 to 26).
 */
export const destroyStream = (duplex: Duplex, error?: Error): void => {
  const raw = rawSocketOf(duplex)
  if (raw === null || raw === duplex || !raw.destroyed || raw.closed) duplex.destroy(error)
}

/** libuv's own queue, which shrinks with every byte the peer takes; a whole write may take minutes. */
export const handleQueue = (duplex: Duplex): number => {
  const handle: unknown = Reflect.get(duplex, '_handle')
  if (typeof handle !== 'object' || handle === null) return 0
  const size: unknown = Reflect.get(handle, 'writeQueueSize')
  return typeof size === 'number' ? size : 0
}

/**
 * Asks whether the peer still lives: a write of nothing puts nothing on the wire, but tells of a reset that
 * reading has not seen (FAULTS 0.4). Under TLS it goes past the encryption, which swallows it; with an empty
 * queue it is done at once, and so in nobody's way.
 */
export const probe = (socket: Socket, alive: () => void): void => {
  // what is being written would tell by itself
  if (!isTcp(socket) || socket.writableLength !== 0 || handleQueue(socket) !== 0) {
    alive()
    return
  }
  socket.write(NOTHING, (error) => {
    if ((error ?? null) === null && !socket.destroyed) alive()
  })
}
