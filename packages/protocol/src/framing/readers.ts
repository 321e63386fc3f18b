import { readUint } from '../internal/uint.ts'

/** What a {@link Reader} waits for. */
export type ReadRequest =
  | {
      readonly _tag: 'Bytes'
      readonly count: number
      readonly phase: string
      /** What is wrong with the bytes, once they are there, or null. */
      readonly problem: ((bytes: Uint8Array, at: number) => string | null) | null
    }
  | { readonly _tag: 'Until'; readonly byte: number; readonly phase: string }
  | { readonly _tag: 'Literal'; readonly bytes: Uint8Array; readonly phase: string }
  | { readonly _tag: 'Malformed'; readonly what: string }

/** Where a frame is being read; what a {@link Reader} is resumed with. */
export interface Cursor {
  /** The frame, from its first byte on. */
  readonly bytes: Uint8Array
  /** The first byte of the part in hand; the end of it. */
  readonly from: number
  readonly to: number
}

/** One part of a frame: `yield*` waits for its bytes and gives their value. It holds no state. */
export interface Reader<A> {
  [Symbol.iterator](): Iterator<ReadRequest, A, Cursor>
}

/** The reading of a frame, or of a part of it: what a `function*` that yields to readers is. */
export type Reading<A> = Generator<ReadRequest, A, Cursor>

/** What the bytes of a part mean; it is given them only when they are there. */
const reader = <A>(request: ReadRequest, value: (cursor: Cursor) => A): Reader<A> => {
  const ask = { done: false, value: request } as const
  const self: Reader<A> & Iterator<ReadRequest, A, Cursor> = {
    // the first call, which has no cursor, asks; the second answers
    next: (cursor?: Cursor) => (cursor === undefined ? ask : { done: true, value: value(cursor) }),
    [Symbol.iterator]: () => self,
  }
  return self
}

const unsigned = (width: number, little: boolean): Reader<number> =>
  reader(
    { _tag: 'Bytes', count: width, phase: 'frame', problem: width > 6 ? beyondSafe(width, little) : null },
    (cursor) => readUint(cursor.bytes, cursor.from, width, little),
  )

const signed = (width: number, little: boolean): Reader<number> => {
  const border = 2 ** (8 * width - 1)
  return reader({ _tag: 'Bytes', count: width, phase: 'frame', problem: null }, (cursor) => {
    const value = readUint(cursor.bytes, cursor.from, width, little)
    return value < border ? value : value - 2 * border
  })
}

const beyondSafe = (width: number, little: boolean) => (bytes: Uint8Array, at: number) =>
  Number.isSafeInteger(readUint(bytes, at, width, little)) ? null : 'a number from 2^53 on'

const viewOf = ({ bytes, from, to }: Cursor): Uint8Array => bytes.subarray(from, to)

/** The parts a frame can be read in; integers by their width in bits and the end that comes first. */
export const readers = {
  u8: unsigned(1, false),
  u16be: unsigned(2, false),
  u16le: unsigned(2, true),
  u24be: unsigned(3, false),
  u24le: unsigned(3, true),
  u32be: unsigned(4, false),
  u32le: unsigned(4, true),
  /** From 2^53 on `Malformed`: a `number` has no more. */
  u64be: unsigned(8, false),
  u64le: unsigned(8, true),
  i8: signed(1, false),
  i16be: signed(2, false),
  i16le: signed(2, true),
  i32be: signed(4, false),
  i32le: signed(4, true),
  /** So many bytes, as a view (R20). Anything but a whole number is `Malformed`. `phase` is what a FIN would cut. */
  take: (count: number, phase = 'payload'): Reader<Uint8Array> =>
    reader({ _tag: 'Bytes', count, phase, problem: null }, viewOf),
  /** The bytes before the next `byte`, as a view; that one is taken too. */
  until: (byte: number, phase = 'frame'): Reader<Uint8Array> => reader({ _tag: 'Until', byte, phase }, viewOf),
  /** Exactly these bytes; `Malformed` at the first that differs. */
  literal: (bytes: Uint8Array, phase = 'frame'): Reader<Uint8Array> =>
    reader({ _tag: 'Literal', bytes, phase }, viewOf),
  /** The frame is broken, `what` completing "the stream has …": the last byte read is the offending one. */
  malformed: (what: string): Reader<never> =>
    reader({ _tag: 'Malformed', what }, () => {
      throw new Error('unreachable: nothing is read behind a broken frame')
    }),
} as const

/** The parts a frame can be read in. */
export type Readers = typeof readers
