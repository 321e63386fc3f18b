import * as E from 'fp-ts/lib/Either.js'
import { notEncodable } from '../../internal/refusal.ts'
import type { AnyBinary, Binary } from '../binary/binary.ts'
import { Invalid, invalid, issueLine } from '../invalid.ts'
import { WrongOption } from '../../errors.ts'
import { byteCount, shortName } from './brief.ts'
import { expressionOf } from './expressionOf.ts'
import { unplaced } from './failure.ts'
import { Input } from './input.ts'
import { Output } from './output.ts'
import type { Part } from './part.ts'

/** A codec around a part. What `A` and `B` are is for whoever made the part to say: this is where it is said. */
export const binaryCodec = <A, B = A>(part: Part): Binary<A, B> => {
  const codec: Binary<unknown> = {
    get name() {
      return expressionOf(part.layout)
    },
    layout: part.layout,
    minBytes: part.minBytes,
    maxBytes: part.maxBytes,
    part,
    decode: (bytes) => {
      if (!(bytes instanceof Uint8Array)) return E.left(invalid(codec.name, bytes, 'bytes'))
      const input = new Input(bytes)
      const value = part.read(input)
      if (input.failure === null && input.at < input.end)
        input.fail(input.at, 'the end', `${byteCount(input.left)} more`)
      if (input.failure === null) return E.right(value)
      return E.left(new Invalid({ codec: codec.name, issues: [input.failure], frame: bytes }))
    },
    encode: (value) => {
      const output = new Output()
      part.write(output, value)
      if (output.failure === null) return E.right(output.take())
      output.drop()
      return notEncodable(shortName(codec.name), value, issueLine(unplaced(output.failure)))
    },
  }
  return codec as Binary<A, B>
}

/** The part of a codec that was given to a combinator, or `WrongOption`. */
export const partOf = (where: string, option: string, codec: AnyBinary): Part => {
  const part = (codec as Partial<AnyBinary> | undefined)?.part
  if (part === undefined) throw new WrongOption(where, option, codec, 'a binary codec')
  return part
}
