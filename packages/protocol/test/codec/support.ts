import { isLeft } from 'fp-ts/lib/Either.js'
import type { Binary, Codec } from '../../src/index.ts'
import { issueLine } from '../../src/index.ts'
import { hex, toHex } from '../wire.ts'

/** What is read of hexadecimal digits, or the lines of the error. */
export const reads = <A>(codec: Binary<A, never>, digits: string): A | ReadonlyArray<string> => {
  const result = codec.decode(hex(digits))
  return isLeft(result) ? result.left.issues.map(issueLine) : result.right
}

/** What is written, in hexadecimal digits, or what is wrong. */
export const writes = <B>(codec: Pick<Codec<Uint8Array, unknown, B>, 'encode'>, value: B): string => {
  const result = codec.encode(value)
  if (!isLeft(result)) return toHex(result.right)
  return result.left._tag === 'NotEncodable' ? result.left.what : result.left.message
}

/** A value that the type forbids. */
export const forced = (value: unknown) => value as never
