import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

/** As much as Node reads at once. */
const READ_BYTES = 64 * 1024

/** What Node calls with the bytes of one read, as a method of their socket. */
type Read = (this: Duplex, bytes: number, buffer: Buffer) => boolean

/** Where a socket keeps what `onread` was given: nothing public, for a socket that was accepted. */
interface Keys {
  readonly buffer: symbol
  readonly callback: symbol
}

const keysOf = (socket: Socket): Keys | null => {
  const symbols = Object.getOwnPropertySymbols(socket)
  const find = (name: string) => symbols.find(({ description }) => description === name)
  const buffer = find('kBuffer')
  const callback = find('kBufferCb')
  // a generator of buffers would be asked as well
  const plain = find('kBufferGen') !== undefined && buffer !== undefined && Reflect.get(socket, buffer) === null
  return plain && callback !== undefined ? { buffer, callback } : null
}

let shared: { readonly keys: Keys; readonly memory: Buffer } | null | undefined

/**
 * Lets a socket read into the one buffer that all such sockets of the process share, as the option `onread` does for a
 * client: `read` is called with the bytes of each read, which are gone after the call. Answers whether it could be had:
 * nothing but speed may depend on it.
 *
 * No memory is made for a read, and what is read lies where the processor has it at hand.
 */
export const shareBuffer = (duplex: Duplex, read: Read): boolean => {
  // what waits in the stream comes through it, and first; what TLS decrypts does not come through its handle
  if (!(duplex instanceof Socket) || duplex instanceof TLSSocket || duplex.readableLength !== 0) return false
  if (duplex.readableEnded || duplex.destroyed) return false
  const handle: unknown = Reflect.get(duplex, '_handle')
  if (typeof handle !== 'object' || handle === null) return false
  const use: unknown = Reflect.get(handle, 'useUserBuffer')
  if (typeof use !== 'function') return false
  if (shared === undefined) {
    const keys = keysOf(duplex)
    shared = keys === null ? null : { keys, memory: Buffer.allocUnsafeSlow(READ_BYTES) }
  }
  if (shared === null) return false
  const { keys, memory } = shared
  Reflect.apply(use, handle, [memory])
  Reflect.set(duplex, keys.buffer, memory)
  Reflect.set(duplex, keys.callback, read)
  // or the stream would do so in the next tick after `resume`, paused or not
  duplex.read(0)
  return true
}
