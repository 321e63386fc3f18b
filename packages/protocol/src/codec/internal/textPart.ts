import { isUtf8 } from 'node:buffer'
import { brief } from './brief.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import { firstInvalidUtf8, hexByte, loneSurrogate } from './utf8.ts'

/** The text of the bytes between two places, or undefined and a failure. */
export const readText = (input: Input, from: number, to: number): string | undefined => {
  const text = input.memory.bytes.toString('utf8', from, to)
  // what is no UTF-8 is replaced, and only then there is anything to look at
  if (!text.includes('\ufffd')) return text
  const bytes = input.viewOf(from, to)
  if (isUtf8(bytes)) return text
  const wrong = firstInvalidUtf8(bytes)
  return input.fail(from + wrong, 'UTF-8', hexByte(bytes[wrong]))
}

/** A text that can be written, or undefined and a failure. */
export const writableText = (output: Output, value: unknown): string | undefined => {
  if (typeof value !== 'string') return output.fail(output.at, 'a text', brief(value))
  if (value.isWellFormed()) return value
  return output.fail(output.at, 'well-formed Unicode', `a lone surrogate at character ${String(loneSurrogate(value))}`)
}

/** Writes a text of so many bytes. */
export const writeText = (output: Output, text: string, length: number): void => {
  const at = output.reserve(length)
  output.bytes.write(text, at, length, 'utf8')
}
