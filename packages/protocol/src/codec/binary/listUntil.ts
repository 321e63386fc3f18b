import { WrongOption } from '../../errors.ts'
import { bytesOption } from '../../internal/options.ts'
import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { brief, byteCount } from '../internal/brief.ts'
import type { Input } from '../internal/input.ts'
import { dynamicPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'
import { checkItem } from './list.ts'

/**
 * Values of one kind up to bytes that end them. An item that begins as these do is refused when it is written: it would
 * end the list. Text is its UTF-8.
 *
 * ```
 *  listUntil('\0', cstring)        61 00 62 00 00   ⇄   ['a', 'b']
 * ```
 *
 * Throws `WrongOption` for a terminator of no bytes, and for items that take none or the rest of the frame.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { cstring, listUntil } = binary
 * console.log(listUntil('\0', cstring).decode(Buffer.from('a\0b\0\0'))) // { _tag: 'Right', right: [ 'a', 'b' ] }
 * ```
 */
export const listUntil = <A, B>(
  terminator: Uint8Array | string,
  item: Binary<A, B>,
): Binary<ReadonlyArray<A>, ReadonlyArray<B>> => {
  const last = bytesOption('listUntil()', 'terminator', terminator)
  if (last.length === 0) throw new WrongOption('listUntil()', 'terminator', terminator, 'at least one byte')
  const part = partOf('listUntil()', 'item', item)
  checkItem('listUntil()', part, false)
  return binaryCodec<ReadonlyArray<A>, ReadonlyArray<B>>(
    dynamicPart({
      layout: { _tag: 'ListUntil', terminator: last, of: part.layout },
      minBytes: last.length,
      maxBytes: Infinity,
      needs: part.needs,
      read: (input) => {
        const items: unknown[] = []
        while (!ends(input, last)) {
          const { at } = input
          if (at === input.end) return input.fail(at, `the ${byteCount(last.length)} that end the list`, 'the end')
          items.push(part.read(input))
          if (input.at === at) input.fail(at, 'an item of a byte at least', 'one of none')
          if (input.failure !== null) {
            input.within(items.length - 1)
            return undefined
          }
        }
        input.at += last.length
        return items
      },
      write: (output, value) => {
        if (!Array.isArray(value)) return output.fail(output.at, 'an array', brief(value))
        const items: ReadonlyArray<unknown> = value
        const starts: number[] = []
        for (let i = 0; i < items.length && output.failure === null; i++) {
          starts.push(output.length)
          part.write(output, items[i])
          if (output.length === starts[i]) output.fail(output.at, 'an item of a byte at least', 'one of none')
          if (output.failure !== null) output.within(i)
        }
        const at = output.reserve(last.length)
        output.bytes.set(last, at)
        const early = starts.findIndex((start) => beginsWith(output.written(start), last))
        if (early === -1 || output.failure !== null) return undefined
        output.fail(output.at, 'an item that does not begin as the end of the list does', 'one that does')
        return output.within(early)
      },
    }),
  )
}

const beginsWith = (bytes: Uint8Array, last: Uint8Array): boolean => last.every((byte, i) => bytes[i] === byte)

const ends = (input: Input, last: Uint8Array): boolean => {
  if (input.left < last.length) return false
  for (let i = 0; i < last.length; i++) if (input.view.getUint8(input.at + i) !== last[i]) return false
  return true
}
