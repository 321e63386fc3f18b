import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import { Malformed } from '../errors.ts'
import type { Among } from '../framing/among.ts'
import type { Decoder } from '../protocol.ts'
import { NO_PROTOCOL } from './firstByteParse.ts'
import { DONE } from './stepDecoder.ts'

/** The decoder that the first byte of the stream chooses, for good. */
export const chosenDecoder = <M>(
  among: Among,
  pick: (byte: number) => string | null,
  tagged: (key: string, message: unknown) => M,
): Decoder<M> => {
  let chosen: Decoder<unknown> | undefined
  let name = ''
  let failure: E.Either<DecodeError, void> | null = null
  let emit: (message: M) => boolean = () => true
  const forward = (message: unknown) => emit(tagged(name, message))
  const refuse = (chunk: Uint8Array) => {
    const bytes = chunk.slice(0, 1)
    failure = E.left(new Malformed({ what: NO_PROTOCOL, at: 0, bytes, offset: 0 }))
    return failure
  }
  return {
    get buffered() {
      return chosen?.buffered ?? 0
    },
    push: (chunk, next) => {
      if (failure !== null) return failure
      emit = next
      const [first] = chunk
      if (chosen === undefined) {
        if (first === undefined) return DONE
        name = pick(first) ?? ''
        chosen = Object.hasOwn(among, name) ? among[name]?.decoder() : undefined
      }
      return chosen?.push(chunk, forward) ?? refuse(chunk)
    },
    end: (next) => {
      emit = next
      return failure ?? chosen?.end(forward) ?? DONE
    },
    unread: () => chosen?.unread() ?? new Uint8Array(0),
  }
}
