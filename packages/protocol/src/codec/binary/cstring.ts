import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { dynamicPart } from '../internal/part.ts'
import { readText, writableText, writeText } from '../internal/textPart.ts'

/** `Buffer`'s own search, without a `Buffer` for each text. */
const NOTHING = Buffer.alloc(0)
const indexOfNul = (bytes: Uint8Array): number => NOTHING.indexOf.call<Uint8Array, [number], number>(bytes, 0)

/**
 * Text in UTF-8, strictly, up to a byte of zero. A text with such a character inside is refused.
 *
 * ```
 *  68 69 00   ⇄   'hi'
 * ```
 */
export const cstring = binaryCodec<string>(
  dynamicPart({
    layout: { _tag: 'CString' },
    minBytes: 1,
    maxBytes: Infinity,
    read: (input) => {
      const { at, end } = input
      const length = indexOfNul(input.viewOf(at, end))
      if (length === -1) return input.fail(end, 'a byte of zero', 'the end')
      input.at = at + length + 1
      return readText(input, at, at + length)
    },
    write: (output, value) => {
      const text = writableText(output, value)
      if (text === undefined) return undefined
      if (text.includes('\0')) return output.fail(output.at, 'no byte of zero', brief(text))
      writeText(output, text, Buffer.byteLength(text))
      const at = output.reserve(1)
      output.view.setUint8(at, 0)
      return undefined
    },
  }),
)
