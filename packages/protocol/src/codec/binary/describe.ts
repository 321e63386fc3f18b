import type { Row } from '../internal/rowBlocks.ts'
import { rowsOf } from '../internal/rows.ts'
import type { AnyBinary } from './binary.ts'

/**
 * What a frame looks like, as a table in Markdown: for documentation that cannot differ from the code.
 *
 * ```
 *  | offset | bytes | field | what                |
 *  | ------ | ----- | ----- | ------------------- |
 *  | 0      | 1     | kind  | u8                  |
 *  | 1      | 2     | text  | u16: how many bytes |
 *  | 3      | any   | text  | UTF-8               |
 * ```
 *
 * An offset is told as far as it is the same in all frames; behind what varies it is counted from there, with a `+`.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { describe, struct, u16, u8 } = binary
 * console.log(describe(struct({ kind: u8, size: u16 }))) // | offset | bytes | field | what |
 * // | --- | --- | --- | --- |
 * // | 0 | 1 | `kind` | u8 |
 * // | 1 | 2 | `size` | u16 |
 * ```
 */
export const describe = (codec: AnyBinary): string =>
  [TITLES, TITLES.map(() => '---'), ...rowsOf(codec.layout).map(cellsOf)]
    .map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
    .join('\n')

const TITLES = ['offset', 'bytes', 'field', 'what']

const cellsOf = ({ place, bytes, field, what }: Row): ReadonlyArray<string> => [
  bytes === '' ? '' : `${place.known ? '' : '+'}${String(place.offset)}`,
  bytes,
  field === '' ? '' : `\`${field}\``,
  what,
]

const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll(/[\r\n]+/g, ' ')
