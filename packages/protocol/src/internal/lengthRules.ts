import type { ChecksumTrailer, LengthStrip } from '../framing/lengthOptions.ts'

/** The options of `lengthPrefixed`, checked, and what follows from them. */
export interface LengthRules {
  readonly width: number
  readonly little: boolean
  /** Where the length stands in a frame. */
  readonly offset: number
  readonly magic: Uint8Array
  /** Bytes in front of the payload. */
  readonly header: number
  readonly trailer: TrailerRules
  /** A frame takes as many bytes as its length says and so many more. */
  readonly extra: number
  readonly strip: LengthStrip
  readonly maxFrameBytes: number
}

/** What stands behind a payload: `bytes` of it, computed from the frame up to there. */
export interface TrailerRules {
  readonly bytes: number
  /** What has to stand there, or null if it cannot be said (a checksum that is no number). */
  readonly of: (frame: Uint8Array, header: number) => Uint8Array | null
  readonly what: string
  /** Whether `of` looks at the header too. */
  readonly coversHeader: boolean
}

export const NO_TRAILER: TrailerRules = {
  bytes: 0,
  of: () => new Uint8Array(0),
  what: 'nothing',
  coversHeader: false,
}

export const fixedTrailer = (bytes: Uint8Array): TrailerRules => {
  const copy = Uint8Array.from(bytes)
  return { bytes: copy.length, of: () => copy, what: 'the wrong trailer', coversHeader: false }
}

export const checksumTrailer = (trailer: ChecksumTrailer, little: boolean): TrailerRules => {
  const { checksum, width } = trailer
  const coversHeader = trailer.covers === 'frame'
  return {
    bytes: width,
    of: (frame, header) => digits(checksum(coversHeader ? frame : frame.subarray(header)), width, little),
    what: 'the wrong checksum',
    coversHeader,
  }
}

/** The lowest `width` bytes of a whole number, negative ones as their complement. */
const digits = (value: number, width: number, little: boolean): Uint8Array | null => {
  if (!Number.isSafeInteger(value)) return null
  const bytes = new Uint8Array(width)
  let rest = value
  for (let i = 0; i < width; i++) {
    bytes[little ? i : width - 1 - i] = ((rest % 256) + 256) % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

export const keepsHeader = (rules: LengthRules): boolean => rules.strip === 'none' || rules.strip === 'trailer'

export const keepsTrailer = (rules: LengthRules): boolean => rules.strip === 'none' || rules.strip === 'header'
