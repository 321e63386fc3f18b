/** How many bytes a length field has. */
export type LengthWidth = 1 | 2 | 3 | 4 | 6 | 8
/** Which byte of a number comes first: the most significant (`big`, network order) or the least. */
export type Endian = 'big' | 'little'
/** What a length counts; see {@link LengthPrefixedOptions.lengthIncludes}. */
export type LengthIncludes = 'payload' | 'rest' | 'self' | 'frame'
/** What of a frame is no part of the message; see {@link LengthPrefixedOptions.strip}. */
export type LengthStrip = 'both' | 'header' | 'trailer' | 'none'

/** What stands behind every payload: bytes that are always the same, or a checksum. */
export type Trailer = FixedTrailer | ChecksumTrailer

/** The same bytes behind every payload. */
export interface FixedTrailer {
  readonly bytes: Uint8Array
}

/** A number computed from what it stands behind, in the byte order of the length. */
export interface ChecksumTrailer {
  /** Computes it, from a library: `(bytes) => crc32(bytes)`. Only its lowest `width` bytes count. */
  readonly checksum: (covered: Uint8Array) => number
  /** How many bytes it has. */
  readonly width: 1 | 2 | 3 | 4 | 6
  /** What it covers: the `payload` (default), or the `frame` up to it, header included. */
  readonly covers?: 'payload' | 'frame'
}

/**
 * Options of {@link lengthPrefixed}. A frame is
 *
 * ```
 *  ├ offset bytes, `magic` first │ length │ payload │ trailer ┤
 * ```
 */
export interface LengthPrefixedOptions {
  /** Bytes of the length. Default 4. */
  readonly width?: LengthWidth
  /** Byte order of the length. Default `big`, the order of the network. */
  readonly endian?: Endian
  /** Bytes in front of the length. Default: as many as `magic` has. More of them need the header kept. */
  readonly offset?: number
  /** What every frame begins with. Default nothing. */
  readonly magic?: Uint8Array
  /**
   * What the length counts. Default `payload`.
   *
   * | | counts |
   * |---|---|
   * | `payload` | the payload |
   * | `rest` | everything behind the length: payload and trailer |
   * | `self` | the length itself and everything behind it |
   * | `frame` | the whole frame |
   */
  readonly lengthIncludes?: LengthIncludes
  /** Added to a length that is read, taken off one that is written, for lengths that count otherwise. Default 0. */
  readonly adjustment?: number
  /** What is taken off a frame to make the message, and put on again in front of the wire. Default `both`. */
  readonly strip?: LengthStrip
  /** What stands behind the payload. Default nothing. */
  readonly trailer?: Trailer
  /** The most bytes a whole frame may take on the wire, header and trailer included. Default 1 MiB. */
  readonly maxFrameBytes?: number
}
