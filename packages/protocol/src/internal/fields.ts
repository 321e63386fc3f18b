import type { ByteWriter } from '../byteWriter.ts'
import type { Fields } from '../framing/headerFrame.ts'
import { buffer } from './lineRules.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32

/** Where a block of header fields ends, its empty line included. */
export type BlockEnd =
  | { readonly _tag: 'End'; readonly next: number }
  | { readonly _tag: 'None' }
  | { readonly _tag: 'Bare'; readonly at: number }

/** Looks for the empty line of the block from `start` on; up to `scanned` it was looked for before. */
export const blockEnd = (bytes: Uint8Array, start: number, scanned: number): BlockEnd => {
  for (let at = bytes.indexOf(LF, scanned); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (at === start || bytes[at - 1] !== CR) return { _tag: 'Bare', at }
    if (at - 1 === start || bytes[at - 2] === LF) return { _tag: 'End', next: at + 1 }
  }
  return { _tag: 'None' }
}

/** What is said of a block with a bare LF. */
export const BARE_LF = 'an LF without CR'

/** A field that is none: what is wrong, and where its line begins. */
export interface WrongField {
  readonly what: string
  readonly at: number
}

/** The fields of a whole block: `bytes` from `start` to `end`, its empty line included. */
export const parseFields = (bytes: Uint8Array, start: number, end: number): Fields | WrongField => {
  const fields: Array<readonly [string, string]> = []
  for (let at = start; at < end - 2;) {
    const next = bytes.indexOf(LF, at) + 1
    const colon = bytes.indexOf(0x3a, at)
    if (colon === -1 || colon >= next) return { what: 'a header line without a colon', at }
    const name = buffer(bytes.subarray(at, colon)).toString('latin1')
    const value = trimmed(bytes, colon + 1, next - 2)
    const what = fieldProblem(name, value)
    if (what !== null) return { what, at }
    fields.push([name, value])
    at = next
  }
  return fields
}

export const isWrong = (fields: Fields | WrongField): fields is WrongField => 'what' in fields

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether a text can name a header field (RFC 9110 section 5.1). */
export const isToken = (text: string): boolean => TOKEN.test(text)

/** What is wrong with a field as it would be read, or null. */
const fieldProblem = (name: string, value: string): string | null => {
  if (!isToken(name)) return 'a header name that is no token'
  return VALUE.test(value) ? null : 'a control character in a header value'
}

/** What is wrong with fields that are to be sent, or null. */
export const fieldsProblem = (fields: Fields): string | null => {
  for (const [name, value] of fields) {
    const what = fieldProblem(name, value)
    if (what !== null) return what
    if (isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(value.length - 1))) {
      return 'a header value with blanks around it, which reading drops'
    }
  }
  return null
}

/** The bytes that {@link writeFields} writes. */
export const fieldBytes = (fields: Fields): number =>
  fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)

export const writeFields = (fields: Fields, out: ByteWriter): void => {
  for (const [name, value] of fields) out.latin1(`${name}: ${value}\r\n`)
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB

/** Text without the blanks around it; never by a pattern, for a long run of blanks must not cost its square. */
const trimmed = (bytes: Uint8Array, from: number, to: number): string => {
  let start = from
  let end = to
  while (start < end && isBlank(bytes[start] ?? 0)) start++
  while (end > start && isBlank(bytes[end - 1] ?? 0)) end--
  return buffer(bytes.subarray(start, end)).toString('latin1')
}
