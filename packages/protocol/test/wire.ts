import { transcript } from '@sluice/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { Protocol } from '../src/index.ts'
import { byteQueue } from '../src/index.ts'

/** Bytes from hexadecimal digits; blanks are for the reader. */
export const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'))

export const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text))

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** What a protocol writes: its bytes, or its error. */
export const write = (protocol: Protocol<unknown, Uint8Array>, message: Uint8Array) => {
  const out = byteQueue()
  const result = protocol.encode(message, out)
  return E.isLeft(result) ? result.left : Uint8Array.from(out.take())
}

/** What a protocol makes of chunks and the end behind them: its messages, and its error or null. */
export const read = <A>(protocol: Protocol<A, never>, ...chunks: ReadonlyArray<Uint8Array>) => {
  const { messages, outcome } = transcript(protocol.decoder(), chunks)
  return { messages, error: outcome._tag === 'Failed' ? outcome.error : outcome._tag === 'Well' ? null : outcome.what }
}

/** The same, of one chunk, with frames as they are. */
export const frames = (protocol: Protocol<Uint8Array>, bytes: Uint8Array): ReadonlyArray<Uint8Array> => {
  const { messages, error } = read(protocol, bytes)
  if (error !== null) throw new Error(`not read: ${typeof error === 'string' ? error : error.message}`)
  return messages
}
