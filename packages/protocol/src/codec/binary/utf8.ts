import { binaryCodec } from '../internal/binaryCodec.ts'
import type { CountOption } from '../internal/counting.ts'
import { countingOf } from '../internal/counting.ts'
import { dynamicPart } from '../internal/part.ts'
import { readText, writableText, writeText } from '../internal/textPart.ts'
import type { Binary } from './binary.ts'

/**
 * Text in UTF-8, strictly, of so many bytes: always as many, as a number in front says, as an earlier field says, or the
 * rest of the frame. The count is of bytes, not of characters.
 *
 * ```
 *  utf8(u8)        03 68 c3 a9   ⇄   'hé'
 * ```
 *
 * Throws `WrongOption` for a count that is none.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { u8, utf8 } = binary
 * console.log(utf8(u8).decode(Uint8Array.of(3, 0x68, 0xc3, 0xa9))) // { _tag: 'Right', right: 'hé' }
 * ```
 */
export const utf8 = (count: CountOption): Binary<string> => {
  const counting = countingOf('utf8()', 'count', count)
  const always = counting.count._tag === 'Always' ? counting.most : null
  return binaryCodec<string>(
    dynamicPart({
      layout: { _tag: 'Text', count: counting.count },
      minBytes: always ?? counting.minBytes,
      maxBytes: always ?? Infinity,
      open: counting.count._tag === 'Rest',
      needs: counting.needs,
      read: (input) => {
        const length = counting.read(input)
        if (length === undefined || !input.has(length)) return undefined
        const { at } = input
        input.at = at + length
        return readText(input, at, input.at)
      },
      write: (output, value) => {
        const text = writableText(output, value)
        if (text === undefined) return
        const length = Buffer.byteLength(text)
        counting.write(output, length)
        writeText(output, text, length)
      },
    }),
  )
}
