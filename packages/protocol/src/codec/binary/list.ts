import { WrongOption } from '../../errors.ts'
import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import type { CountOption, Counting } from '../internal/counting.ts'
import { countingOf } from '../internal/counting.ts'
import type { Input } from '../internal/input.ts'
import type { Part } from '../internal/part.ts'
import { dynamicPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/**
 * Values of one kind: always so many, as many as a number in front says, as an earlier field says, or as there are to the
 * end of the frame.
 *
 * ```
 *  list(u8, u16)        02 00 01 00 02   ⇄   [1, 2]
 * ```
 *
 * Nothing is allocated for a count that is only claimed: what the items take at least has to be there, a byte each
 * where they may take none.
 *
 * Throws `WrongOption` for a count that is none, for items that take no bytes at all (unless the count is always the same),
 * and for items that take the rest of the frame.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { list, u16, u8 } = binary
 * console.log(list(u8, u16).decode(Uint8Array.of(2, 0, 1, 0, 2))) // { _tag: 'Right', right: [ 1, 2 ] }
 * const claim = list(u8, u16).decode(Uint8Array.of(255, 0, 1))
 * console.log(claim._tag === 'Left' ? claim.left.issues[0]?.message : '') // expected 510 bytes, got 2
 * ```
 */
export const list = <A, B>(count: CountOption, item: Binary<A, B>): Binary<ReadonlyArray<A>, ReadonlyArray<B>> => {
  const counting = countingOf('list()', 'count', count)
  const part = partOf('list()', 'item', item)
  const always = counting.count._tag === 'Always' ? counting.most : null
  checkItem('list()', part, always !== null)
  const most = always ?? (part.maxBytes === 0 ? 0 : Infinity)
  const toEnd = counting.count._tag === 'Rest'
  return binaryCodec<ReadonlyArray<A>, ReadonlyArray<B>>(
    dynamicPart({
      layout: { _tag: 'List', count: counting.count, of: part.layout },
      minBytes: counting.minBytes + (always ?? 0) * part.minBytes,
      maxBytes: counting.maxBytes + (most === 0 || part.maxBytes === 0 ? 0 : most * part.maxBytes),
      open: toEnd,
      needs: [...counting.needs, ...part.needs],
      read: (input) => (toEnd ? readToEnd(input, part) : readCounted(input, part, counting, always !== null)),
      write: (output, value) => {
        if (!Array.isArray(value)) return output.fail(output.at, 'an array', brief(value))
        const items: ReadonlyArray<unknown> = value
        counting.write(output, items.length)
        const from = output.length
        for (let i = 0; i < items.length && output.failure === null; i++) {
          const before = output.length
          part.write(output, items[i])
          if (toEnd && output.length === before) output.fail(output.at, 'an item of a byte at least', 'one of none')
          if (output.failure !== null) output.within(i)
        }
        if (always === null && output.failure === null && items.length > output.length - from) {
          output.fail(output.at, 'no more items than bytes', `${String(items.length)} items`)
        }
        return undefined
      },
    }),
  )
}

/** What an item may not be, or `WrongOption`. */
export const checkItem = (where: string, part: Part, mayBeEmpty: boolean): void => {
  if (part.open) throw new WrongOption(where, 'item', part.layout._tag, 'what ends by itself, not what takes the rest')
  if (!mayBeEmpty && part.maxBytes === 0) throw new WrongOption(where, 'item', part.layout._tag, 'what takes bytes')
}

const readCounted = (input: Input, part: Part, counting: Counting, trusted: boolean): ReadonlyArray<unknown> => {
  const items: unknown[] = []
  const count = counting.read(input)
  if (count === undefined || !input.has(count * (trusted ? part.minBytes : Math.max(1, part.minBytes)))) return items
  for (let i = 0; i < count; i++) {
    items.push(part.size === null ? part.read(input) : part.readAt(input, (input.at += part.size) - part.size))
    if (input.failure !== null) {
      input.within(i)
      break
    }
  }
  return items
}

const readToEnd = (input: Input, part: Part): ReadonlyArray<unknown> => {
  const items: unknown[] = []
  while (input.at < input.end) {
    const { at } = input
    items.push(part.read(input))
    if (input.at === at) input.fail(at, 'an item of a byte at least', 'one of none')
    if (input.failure !== null) {
      input.within(items.length - 1)
      break
    }
  }
  return items
}
