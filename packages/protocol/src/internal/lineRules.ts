import { isAscii, isUtf8 } from 'node:buffer'
import type { InvalidTextPolicy, LineEncoding, LineEnding, TooLongPolicy } from '../framing/lineOptions.ts'

/** The options of `lines`, checked, with their defaults. */
export interface LineSettings {
  readonly ending: LineEnding
  readonly encoding: LineEncoding
  readonly invalidText: InvalidTextPolicy
  readonly tooLong: TooLongPolicy
  readonly unterminated: 'truncated' | 'line'
  readonly maxFrameBytes: number
}

/** What the settings mean for one line's bytes. */
export interface LineRules extends LineSettings {
  /** Whether frames are `Either`s. */
  readonly values: boolean
  /** Whether the bytes are text in the encoding. */
  readonly valid: (bytes: Uint8Array) => boolean
  /** The bytes as what a line is in memory; wrong sequences are replaced. */
  readonly read: (bytes: Uint8Array) => string | Uint8Array
  /** The first byte that makes them invalid; called only for those that are. */
  readonly firstInvalid: (bytes: Uint8Array) => number
}

export const lineRules = (settings: LineSettings): LineRules => ({
  ...settings,
  values: settings.tooLong === 'value' || settings.invalidText === 'value',
  ...READING[settings.encoding],
})

export const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

const READING: Readonly<Record<LineEncoding, Pick<LineRules, 'valid' | 'read' | 'firstInvalid'>>> = {
  utf8: {
    valid: isUtf8,
    read: (bytes) => buffer(bytes).toString('utf8'),
    firstInvalid: (bytes) => firstInvalidUtf8(bytes),
  },
  latin1: { valid: () => true, read: (bytes) => buffer(bytes).toString('latin1'), firstInvalid: () => 0 },
  ascii: {
    valid: isAscii,
    read: (bytes) =>
      buffer(bytes)
        .toString('latin1')
        .replace(/[\u0080-\u00ff]/g, '\ufffd'),
    firstInvalid: (bytes) => bytes.findIndex((byte) => byte > 127),
  },
  bytes: { valid: () => true, read: (bytes) => bytes, firstInvalid: () => 0 },
}

/** Character by character: only walked for text that is known to be broken. */
const firstInvalidUtf8 = (bytes: Uint8Array): number => {
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if (!isUtf8(bytes.subarray(at, at + size))) return at
    at += size
  }
  return at
}
