import type { Layout } from '../binary/layout.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'

/**
 * How one piece of a frame is read and written: what binary codecs are made of. Their types know what the values are; in
 * here it is not known. A part never throws: what is wrong is a `failure` of the input or output.
 */
export type Part = FixedPart | DynamicPart

interface AnyPart {
  readonly layout: Layout
  /** The fewest and the most bytes it takes; the most may be `Infinity`. */
  readonly minBytes: number
  readonly maxBytes: number
  /** Whether it has no value: a constant, padding. */
  readonly silent: boolean
  /** Whether it reads to the end of what it is in. */
  readonly open: boolean
  /** The fields of a struct around it that it depends on. */
  readonly needs: ReadonlyArray<string>
  readonly read: (input: Input) => unknown
  readonly write: (output: Output, value: unknown) => void
}

/** Every value takes as many bytes: room is made sure of once for many such parts. */
export interface FixedPart extends AnyPart {
  readonly size: number
  /** Reads at a place whose bytes are there. */
  readonly readAt: (input: Input, at: number) => unknown
  /** Writes at a place that has room. */
  readonly writeAt: (output: Output, at: number, value: unknown) => void
  /** Says which bytes are missing, where they are not there. */
  readonly short: (input: Input, at: number) => void
}

/** How many bytes it takes is seen as it is read. */
export interface DynamicPart extends AnyPart {
  readonly size: null
}

/** A part of `size` bytes. */
export const fixedPart = (
  part: Pick<FixedPart, 'layout' | 'size' | 'readAt' | 'writeAt'> & Partial<Pick<FixedPart, 'silent' | 'short'>>,
): FixedPart => {
  const { layout, size, readAt, writeAt, silent = false } = part
  const short = part.short ?? ((input, at) => input.lack(at, size))
  return {
    layout,
    size,
    minBytes: size,
    maxBytes: size,
    silent,
    open: false,
    needs: [],
    readAt,
    writeAt,
    short,
    read: (input) => {
      const { at } = input
      if (size > input.end - at) return short(input, at)
      input.at = at + size
      return readAt(input, at)
    },
    write: (output, value) => {
      writeAt(output, output.reserve(size), value)
    },
  }
}

/** A part that may take more or fewer bytes. */
export const dynamicPart = (
  part: Pick<DynamicPart, 'layout' | 'minBytes' | 'maxBytes' | 'read' | 'write'> &
    Partial<Pick<DynamicPart, 'open' | 'needs'>>,
): DynamicPart => ({ size: null, silent: false, open: false, needs: [], ...part })
