import { WrongOption } from '../../errors.ts'
import { wholeOption } from '../../internal/options.ts'
import type { FieldRef } from './layout.ts'

/** Options of {@link field}. */
export interface FieldOptions {
  /** What the number counts beside what is asked for: 4 where a length counts itself, of four bytes, too. Default 0. */
  readonly less?: number
}

/** Up to the end of the frame, or of the `sized` part it is in. */
export const rest = { _tag: 'Rest' } as const

/**
 * What an earlier field of the struct says, or of a struct around it: how many there are, whether it is there, which it
 * is. A field within a field is reached by a dot. The field stays in the value; to write a value whose parts
 * contradict one another is refused.
 *
 * ```
 *  struct({ count: u8, flags: u8, items: list(field('count'), u16) })
 *
 *  02 00 00 01 00 02   ⇄   { count: 2, flags: 0, items: [1, 2] }
 * ```
 *
 * The struct that is built around it throws `WrongOption` if it has no such field before.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { field, list, struct, u16, u8 } = binary
 * const table = struct({ count: u8, flags: u8, items: list(field('count'), u16) })
 * console.log(table.decode(Uint8Array.of(2, 0, 0, 1, 0, 2))) // { _tag: 'Right', right: { count: 2, flags: 0, items: [ 1, 2 ] } }
 * const wrong = table.encode({ count: 3, flags: 0, items: [1, 2] })
 * console.log(wrong._tag === 'Left' ? wrong.left.message : '') // … items: expected 3, as field 'count' says, got 2
 * ```
 */
export const field = (path: string, options: FieldOptions = {}): FieldRef => {
  if (typeof path !== 'string') throw new WrongOption('field()', 'path', path, 'text')
  const [first = '', ...others] = path.split('.')
  const less = wholeOption('field()', 'less', options.less, 0, { least: Number.MIN_SAFE_INTEGER })
  return { _tag: 'Field', path: [first, ...others], less }
}
