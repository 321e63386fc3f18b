import * as E from 'fp-ts/lib/Either.js'
import { NotEncodable, TooLong } from '../errors.ts'
import { ERROR_BYTES } from './stepDecoder.ts'

/** The answer of an encoder to a message its decoder would not read back. */
export const notEncodable = (protocol: string, message: unknown, what: string): E.Either<NotEncodable, never> =>
  E.left(new NotEncodable({ what, protocol, message }))

/** The answer of an encoder to a message whose frame would take `announced` bytes on the wire. */
export const overLimit = (limit: number, announced: number, message: Uint8Array): E.Either<TooLong, never> =>
  E.left(
    new TooLong({
      limit,
      announced,
      bytes: Uint8Array.from(message.subarray(0, ERROR_BYTES)),
      offset: 0,
      fault: 'local',
    }),
  )

/** What is said to who sends text, or anything else, where a frame is bytes. */
export const NO_BYTES = 'a value that is no Uint8Array'
