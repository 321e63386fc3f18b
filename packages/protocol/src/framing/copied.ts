import { forwarding } from '../internal/forwarding.ts'
import type { Protocol } from '../protocol.ts'

/** How a message is copied: for bytes that is known. */
export type CopyOf<In> = [In] extends [Uint8Array] ? [] : [copy: (message: In) => In]

/**
 * The same protocol, its frames owning their bytes: for frames that are kept long, or written to (R20). A frame as it
 * comes is a view: one of ten bytes keeps the 64 KiB alive that it was read with.
 *
 * ```
 *  chunk    02 h i 01 a            frame    ├─ view of the chunk ─┤
 *  emits    'hi'  'a'              copied   'hi' in two bytes of its own
 * ```
 *
 * Messages that hold bytes among other things are copied by the function given. The protocol is otherwise unchanged;
 * so are its errors.
 *
 * ```ts
 * import { copied, headerFramed, lines } from '@sluice/protocol'
 *
 * const kept = copied(lines({ encoding: 'bytes' }))
 * const chunk = Buffer.from('hi\n')
 * kept.decoder().push(chunk, (line) => {
 *   console.log(line.buffer === chunk.buffer, line.buffer.byteLength) // false 2
 *   return true
 * })
 * const bodies = copied(headerFramed(), ({ headers, body }) => ({ headers, body: body.slice() }))
 * console.log(bodies.name) // copied(headerFramed())
 * ```
 */
export const copied = <In, Out>(protocol: Protocol<In, Out>, ...[copy]: CopyOf<In>): Protocol<In, Out> => {
  const own = copy ?? copyBytes
  return {
    name: `copied(${protocol.name})`,
    decoder: () => forwarding(protocol.decoder(), (message: In, emit) => emit(own(message))),
    encode: protocol.encode,
  }
}

/** Not `slice`: that of a `Buffer` is a view. Where no copy is given the type says that the message is bytes. */
const copyBytes = <In>(message: In): In => (message instanceof Uint8Array ? (new Uint8Array(message) as In) : message)
