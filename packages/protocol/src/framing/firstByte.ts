import * as E from 'fp-ts/lib/Either.js'
import { byteQueue } from '../byteQueue.ts'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import { WrongOption } from '../errors.ts'
import { chosenDecoder } from '../internal/chosenDecoder.ts'
import { FirstByteParse } from '../internal/firstByteParse.ts'
import { choiceOption } from '../internal/options.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { notEncodable } from '../internal/refusal.ts'
import type { Protocol } from '../protocol.ts'
import type { Among, Chosen, ToChosen } from './among.ts'

/** What {@link firstByte} is built from. */
export interface FirstByteOptions<P extends Among> {
  /** The protocols, by name. */
  readonly among: P
  /** Which one begins with that byte; null for none of them (`Malformed`). Pure. The byte stays part of the frame. */
  readonly choose: (byte: number) => (keyof P & string) | null
  /**
   * `connection` (default): the first byte of the stream chooses for good, as where TLS and plain text share a port.
   * `message`: that of each frame does, as where lines and counted frames are mixed.
   */
  readonly per?: 'connection' | 'message'
}

/**
 * One of several protocols, as the first byte says. Messages bear the name of theirs.
 *
 * ```
 *  bytes    5 : h e l l o ,                          h i LF
 *  emits    { _tag: 'counted', message: 'hello' }    { _tag: 'lines', message: 'hi' }     (per: 'message')
 * ```
 *
 * Per message, nothing is remembered between frames (errors that are values count from theirs), and a message whose frame begins with the byte of another is
 * `NotEncodable`. Per connection an encoder cannot know what came first: to begin with the right one, and to stay with
 * it, is the sender's part.
 *
 * Errors: those of the protocols, and `Malformed` for a first byte of none. Throws `WrongOption` for no protocols.
 *
 * ```ts
 * import { firstByte, headerFramed, lines } from '@sluice/protocol'
 *
 * const mixed = firstByte({
 *   among: { framed: headerFramed(), lines: lines() },
 *   choose: (byte) => (byte === 0x43 ? 'framed' : 'lines'),
 *   per: 'message',
 * })
 * mixed.decoder().push(Buffer.from('hi\nContent-Length: 2\r\n\r\n{}'), (one) => {
 *   console.log(one._tag === 'lines' ? one.message : one.message.body.length) // hi
 *   // 2
 *   return true
 * })
 * ```
 */
export const firstByte = <const P extends Among>(options: FirstByteOptions<P>): Protocol<Chosen<P>, ToChosen<P>> => {
  const { among, choose } = options
  const names = Object.keys(among)
  const name = `firstByte(${names.map((key) => `${key}: ${among[key]?.name ?? ''}`).join(', ')})`
  if (names.length === 0) throw new WrongOption(name, 'among', among, 'at least one protocol')
  const perMessage = choiceOption(name, 'per', options.per, ['connection', 'message']) === 'message'
  const pick = (byte: number): string | null => {
    const key = choose(byte)
    return key !== null && Object.hasOwn(among, key) ? key : null
  }
  const tagged = (key: string, message: unknown) => ({ _tag: key, message })
  const protocol: Protocol<ReturnType<typeof tagged>, { readonly _tag: string; readonly message: never }> = {
    name,
    decoder: () =>
      perMessage
        ? parseDecoder(Infinity, undefined, new FirstByteParse(among, pick, tagged))
        : chosenDecoder(among, pick, tagged),
    encode: (message, out) => {
      const key = message._tag
      const own = Object.hasOwn(among, key) ? among[key] : undefined
      if (own === undefined) return notEncodable(name, message, `a message of no protocol: ${key}`)
      if (!perMessage) return own.encode(message.message, out)
      const frame = byteQueue()
      const result = own.encode(message.message, frame)
      return E.isLeft(result) ? result : send(name, message, pick, frame.takeParts(), out)
    },
  }
  return protocol as Protocol<Chosen<P>, ToChosen<P>>
}

const send = (
  name: string,
  message: { readonly _tag: string },
  pick: (byte: number) => string | null,
  parts: ReadonlyArray<Uint8Array>,
  out: ByteWriter,
): E.Either<EncodeError, void> => {
  const first = parts[0]?.[0]
  if (first === undefined) return notEncodable(name, message, 'a frame of no bytes, which chooses nothing')
  const read = pick(first)
  if (read !== message._tag) return notEncodable(name, message, `a frame that begins as one of ${String(read)} does`)
  for (const part of parts) out.bytes(part)
  return E.right(undefined)
}
