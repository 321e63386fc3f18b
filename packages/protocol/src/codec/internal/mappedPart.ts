import type { Layout } from '../binary/layout.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import type { Part } from './part.ts'
import { dynamicPart, fixedPart } from './part.ts'

/** What is made of the values of a part; on failure the answer does not count. */
interface Mapping {
  readonly layout: Layout
  readonly read: (value: unknown, at: number, input: Input) => unknown
  readonly write: (value: unknown, at: number, output: Output) => unknown
}

/** A part with other values. */
export const mappedPart = (part: Part, { layout, read, write }: Mapping): Part => {
  if (part.size !== null) {
    return fixedPart({
      layout,
      size: part.size,
      short: part.short,
      readAt: (input, at) => {
        const value = part.readAt(input, at)
        return input.failure === null ? read(value, at, input) : undefined
      },
      writeAt: (output, at, value) => {
        const inner = write(value, at, output)
        if (output.failure === null) part.writeAt(output, at, inner)
      },
    })
  }
  return dynamicPart({
    ...part,
    layout,
    read: (input) => {
      const { at } = input
      const value = part.read(input)
      return input.failure === null ? read(value, at, input) : undefined
    },
    write: (output, value) => {
      const inner = write(value, output.at, output)
      if (output.failure === null) part.write(output, inner)
    },
  })
}
