import fc from 'fast-check'

/**
 * One way in which a stream goes wrong. Positions count modulo the length of the bytes, so that every
 * mutation means something to every stream.
 *
 * | | 61 62 63 64 becomes |
 * |---|---|
 * | `Flip { at: 1, mask: 0x80 }` | 61 **e2** 63 64 |
 * | `Delete { at: 1, count: 2 }` | 61 64 |
 * | `Duplicate { at: 1, count: 2 }` | 61 62 63 **62 63** 64 |
 * | `Insert { at: 1, bytes: 0d 0a }` | 61 **0d 0a** 62 63 64 |
 * | `Cut { at: 3 }` | 61 62 63 |
 * | `Swap { at: 0, other: 2 }` | **63** 62 **61** 64 |
 */
export type Mutation =
  | { readonly _tag: 'Flip'; readonly at: number; readonly mask: number }
  | { readonly _tag: 'Delete'; readonly at: number; readonly count: number }
  | { readonly _tag: 'Duplicate'; readonly at: number; readonly count: number }
  | { readonly _tag: 'Insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly _tag: 'Cut'; readonly at: number }
  | { readonly _tag: 'Swap'; readonly at: number; readonly other: number }

/** The bytes after those mutations, one after the other. The bytes given stay as they are. */
export const mutate = (bytes: Uint8Array, mutations: ReadonlyArray<Mutation>): Uint8Array =>
  mutations.reduce(mutateOnce, bytes)

const mutateOnce = (bytes: Uint8Array, mutation: Mutation): Uint8Array => {
  const at = bytes.length === 0 ? 0 : mutation.at % bytes.length
  const before = bytes.subarray(0, at)
  const after = bytes.subarray(at)
  switch (mutation._tag) {
    case 'Flip':
      return bytes.map((byte, i) => (i === at ? byte ^ mutation.mask : byte))
    case 'Delete':
      return Buffer.concat([before, after.subarray(mutation.count)])
    case 'Duplicate': {
      const again = after.subarray(0, mutation.count)
      return Buffer.concat([before, again, after])
    }
    case 'Insert':
      return Buffer.concat([before, mutation.bytes, after])
    case 'Cut':
      return before
    case 'Swap': {
      const other = bytes.length === 0 ? 0 : mutation.other % bytes.length
      return bytes.map((byte, i) => bytes[i === at ? other : i === other ? at : i] ?? byte)
    }
  }
}

/** Bytes where encodings and framings have their borders. */
const telling = fc.constantFrom(
  0x00,
  0x01,
  0x09,
  0x0a,
  0x0d,
  0x20,
  0x30,
  0x39,
  0x7f,
  0x80,
  0xc3,
  0xe2,
  0xf0,
  0xfe,
  0xff,
)

/** Random bytes, half of them from the borders of encodings: `00 0a 0d 7f 80 c3 ff` … */
export const hostileBytes = (maxLength = 64): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.oneof(telling, fc.nat({ max: 255 })), { maxLength, size: 'max' }).map((bytes) => Uint8Array.from(bytes))

/** Any {@link Mutation}. Shrinks to early positions and few bytes. */
export const mutation = (): fc.Arbitrary<Mutation> => {
  const at = fc.oneof(fc.nat({ max: 15 }), fc.nat({ max: 4095 }))
  const count = fc.integer({ min: 1, max: 8 })
  return fc.oneof(
    fc.record({ _tag: fc.constant('Flip' as const), at, mask: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ _tag: fc.constant('Delete' as const), at, count }),
    fc.record({ _tag: fc.constant('Duplicate' as const), at, count }),
    fc.record({ _tag: fc.constant('Insert' as const), at, bytes: hostileBytes(8) }),
    fc.record({ _tag: fc.constant('Cut' as const), at }),
    fc.record({ _tag: fc.constant('Swap' as const), at, other: at }),
  )
}
