import { WrongOption } from '../errors.ts'
import type { Delimiter, DelimiterEscape } from '../framing/delimitedOptions.ts'
import { DOT_LINE } from './dotMarking.ts'
import { BACKSLASH } from './escapeMarking.ts'
import { buffer } from './lineRules.ts'
import { bytesOption } from './options.ts'

/** The delimiters as bytes, at least one and none of them empty. */
export const delimitersOption = (
  where: string,
  given: Delimiter | ReadonlyArray<Delimiter>,
): ReadonlyArray<Uint8Array> => {
  const list = typeof given === 'string' || given instanceof Uint8Array ? [given] : given
  if (!Array.isArray(list) || list.length === 0) {
    throw new WrongOption(where, 'delimiters', given, 'a delimiter, or several')
  }
  return list.map((one: Delimiter) => {
    const bytes = bytesOption(where, 'delimiters', one)
    if (bytes.length > 0) return bytes
    throw new WrongOption(where, 'delimiters', given, 'delimiters of one byte or more')
  })
}

/** Refuses delimiters that never end a frame, or cannot be told from content under that escape. */
export const checkDelimiters = (where: string, all: ReadonlyArray<Uint8Array>, escape: DelimiterEscape): void => {
  const refuse = (delimiter: Uint8Array, expected: string): never => {
    throw new WrongOption(where, 'delimiters', buffer(delimiter).toString('latin1'), expected)
  }
  all.forEach((one, i) => {
    // what ends inside this one always ends first
    const hidden = all.some((other, j) => i !== j && endsInside(other, one, i > j))
    if (hidden) refuse(one, 'delimiters of which none ends inside another')
    if (escape === 'doubled' && (one.length < 2 || one[0] === one[1])) {
      refuse(one, "delimiters of two bytes or more, the second not the first again, where escape is 'doubled'")
    }
    if (escape === 'backslash' && one.includes(BACKSLASH)) {
      refuse(one, "delimiters without a backslash, where escape is 'backslash'")
    }
    if (escape === 'dot-stuffing' && (all.length > 1 || !buffer(one).equals(DOT_LINE))) {
      refuse(one, "'.\\r\\n' alone, the line that ends a block, where escape is 'dot-stuffing'")
    }
  })
}

/** Whether `other` ends before the end of `one`; at its end too where they are the same. */
const endsInside = (other: Uint8Array, one: Uint8Array, orSame: boolean): boolean => {
  const at = buffer(one).indexOf(other)
  return at !== -1 && (at + other.length < one.length || (orSame && other.length === one.length))
}
