/** How a length is read: the inner loop branches on it. `none` where all frames are of one size. */
export type LengthKind = (typeof LENGTH_KINDS)[keyof typeof LENGTH_KINDS]

export const LENGTH_KINDS = { none: 0, u8: 1, u16be: 2, u16le: 3, u32be: 4, u32le: 5 } as const

/** The kind of a length of `width` bytes, or null where the fast path has none for it. */
export const lengthKind = (width: number, little: boolean): LengthKind | null => {
  switch (width) {
    case 1:
      return LENGTH_KINDS.u8
    case 2:
      return little ? LENGTH_KINDS.u16le : LENGTH_KINDS.u16be
    case 4:
      return little ? LENGTH_KINDS.u32le : LENGTH_KINDS.u32be
    default:
      return null
  }
}

/** The length at `at`, all of whose bytes are there. */
export const lengthAt = (kind: LengthKind, bytes: Uint8Array, at: number): number => {
  switch (kind) {
    case LENGTH_KINDS.none:
      return 0
    case LENGTH_KINDS.u8:
      return bytes[at] ?? 0
    case LENGTH_KINDS.u16be:
      return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    case LENGTH_KINDS.u16le:
      return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
    case LENGTH_KINDS.u32be:
      return uint32(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
    case LENGTH_KINDS.u32le:
      return uint32(bytes[at + 3], bytes[at + 2], bytes[at + 1], bytes[at])
  }
}

const uint32 = (a = 0, b = 0, c = 0, d = 0): number => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
