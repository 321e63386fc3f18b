import { bytesOption, flagOption, wholeOption } from '../../internal/options.ts'
import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { fixedPart } from '../internal/part.ts'
import { hexByte } from '../internal/utf8.ts'
import type { Binary } from './binary.ts'

/**
 * Bytes that are always the same: a magic number, a marker. They have no value: in a struct they take no field.
 * Text is its UTF-8.
 *
 * ```
 *  struct({ magic: constant('HI'), kind: u8 })        48 49 01   ⇄   { kind: 1 }
 * ```
 *
 * Other bytes are `Invalid`, at the first that differs.
 */
export const constant = (expected: Uint8Array | string): Binary<void> => {
  const all = bytesOption('constant()', 'expected', expected)
  return binaryCodec<void>(
    fixedPart({
      layout: { _tag: 'Constant', bytes: all },
      size: all.length,
      silent: true,
      readAt: (input, at) => {
        for (let i = 0; i < all.length; i++) {
          const byte = input.view.getUint8(at + i)
          if (byte !== all[i]) return input.fail(at + i, hexByte(all[i]), hexByte(byte))
        }
        return undefined
      },
      writeAt: (output, at, value) => {
        if (value === undefined) output.bytes.set(all, at)
        else output.fail(at, 'nothing', brief(value))
      },
    }),
  )
}

/** Options of {@link padding}. */
export interface PaddingOptions {
  /** The byte that is written. Default 0. */
  readonly byte?: number
  /** Whether other bytes are `Invalid`. Default true: nothing can be hidden there. */
  readonly check?: boolean
}

/**
 * Bytes that mean nothing. They have no value: in a struct they take no field.
 *
 * ```
 *  struct({ kind: u8, reserved: padding(3) })        01 00 00 00   ⇄   { kind: 1 }
 * ```
 *
 * Throws `WrongOption` for a count or a byte that is none.
 */
export const padding = (bytes: number, options: PaddingOptions = {}): Binary<void> => {
  const size = wholeOption('padding()', 'bytes', bytes, 0, { least: 0 })
  const fill = wholeOption('padding()', 'byte', options.byte, 0, { least: 0, most: 255 })
  const check = flagOption('padding()', 'check', options.check, true)
  return binaryCodec<void>(
    fixedPart({
      layout: { _tag: 'Padding', bytes: size, byte: fill },
      size,
      silent: true,
      readAt: (input, at) => {
        for (let i = at; check && i < at + size; i++) {
          const byte = input.view.getUint8(i)
          if (byte !== fill) return input.fail(i, hexByte(fill), hexByte(byte))
        }
        return undefined
      },
      writeAt: (output, at, value) => {
        if (value === undefined) output.bytes.fill(fill, at, at + size)
        else output.fail(at, 'nothing', brief(value))
      },
    }),
  )
}
