import type { Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetView } from '../chunkings.ts'
import type { Broken, Law } from '../law.ts'
import { broken } from '../law.ts'
import type { Transcript, TranscriptOptions } from '../transcript.ts'
import { transcript } from '../transcript.ts'
import { same, show } from './same.ts'

/** Messages as one stream, and where each frame ends in it. */
export interface Stream {
  readonly bytes: Uint8Array
  /** The border behind each frame; as many as messages. */
  readonly borders: ReadonlyArray<number>
}

/** Encodes messages one behind the other; a message that is refused breaks the law at hand. */
export const streamOf = <In, Out>(
  law: Law,
  protocol: Protocol<In, Out>,
  messages: ReadonlyArray<Out>,
): Stream | Broken => {
  const out = byteQueue()
  const borders: number[] = []
  for (const message of messages) {
    const result = protocol.encode(message, out)
    if (isLeft(result)) {
      return broken(law, `encode refused ${show(message)}: ${result.left.message}`, out.take(), borders)
    }
    borders.push(out.length)
  }
  return { bytes: out.take(), borders }
}

/** A fresh decoder's transcript of the bytes, each chunk amid foreign bytes. */
export const decodeCut = <In>(
  protocol: Pick<Protocol<In, never>, 'decoder'>,
  bytes: Uint8Array,
  chunking: Chunking,
  options?: TranscriptOptions,
): Transcript<In> =>
  transcript(
    protocol.decoder(),
    cutAt(bytes, chunking).map((chunk, i) => offsetView(chunk, i).chunk),
    options,
  )

/** How messages are compared, where the law compares them. */
export type Equals<A> = (a: A, b: A) => boolean

/** What differs between the messages expected and those that came, or null. */
export const difference = <A>(
  expected: ReadonlyArray<A>,
  got: ReadonlyArray<A>,
  equals: Equals<A> = same,
  what = 'message',
): string | null => {
  const length = Math.max(expected.length, got.length)
  for (let i = 0; i < length; i++) {
    if (i >= got.length) return `${what} ${String(i)} never came: ${show(expected[i])}`
    if (i >= expected.length) return `a ${what} too many: ${show(got[i])}`
    if (!equals(expected[i] as A, got[i] as A)) {
      return `${what} ${String(i)} should be ${show(expected[i])}\nand is ${show(got[i])}`
    }
  }
  return null
}
