import type { DecodeError } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import { show } from './same.ts'

/** Thrown through a decoder that does what no decoder may: the only way out of a loop without end. */
export class Misbehaviour extends Error {}

/** Listens to a decoder that is fed those chunks, answers false where told to, and knows when it will never stop. */
export const listener = <In>(chunks: ReadonlyArray<Uint8Array>, stops: ReadonlyArray<number> = []) => {
  const stopAfter = new Set(stops)
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const most = 16 * bytes + 64
  const messages: In[] = []
  let stopped = false
  return {
    messages,
    /** Whether `emit` answered false in the last call. */
    stopped: () => stopped,
    call: (decode: () => Either<DecodeError, void>): Either<DecodeError, void> => {
      stopped = false
      return decode()
    },
    emit: (message: In): boolean => {
      if (stopped) throw new Misbehaviour(`${show(message)} came although emit had answered false`)
      if (messages.length === most) {
        throw new Misbehaviour(`${String(most)} messages out of ${String(bytes)} bytes, and no end of them`)
      }
      stopped = stopAfter.has(messages.length)
      messages.push(message)
      return !stopped
    },
  }
}
