import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { namesOf } from '../internal/carrier.ts'
import { structPart } from '../internal/structPart.ts'
import type { AnyBinary, Binary, ReadBy, WrittenBy } from './binary.ts'

/** What a {@link struct} is made of, in the order of the wire. */
export type StructFields = Readonly<Record<string, AnyBinary>>

/** What a struct reads: its fields, without those that have no value. */
export type StructOutput<F extends StructFields> = {
  readonly [K in keyof F as ReadBy<F[K]> extends void ? never : K]: ReadBy<F[K]>
}

/** What a struct writes. */
export type StructInput<F extends StructFields> = {
  readonly [K in keyof F as ReadBy<F[K]> extends void ? never : K]: WrittenBy<F[K]>
}

/** A struct knows its fields, so that a variant can be made of several. */
export interface Struct<F extends StructFields> extends Binary<StructOutput<F>, StructInput<F>> {
  readonly fields: F
}

/** Any struct. */
export interface AnyStruct extends AnyBinary {
  readonly fields: StructFields
}

/**
 * Fields one behind the other, as an object. Constants and padding are on the wire and not in the object.
 *
 * ```
 *  struct({ magic: constant('HI'), kind: u8, size: u16 })
 *
 *  48 49 01 00 20   ⇄   { kind: 1, size: 32 }
 * ```
 *
 * A field can depend on one before it: see `field`. One that takes the rest of the frame stands last, or before fields of
 * fixed size.
 *
 * Throws `WrongOption` for names an object would not keep in order (whole numbers), for a reference to a field that is not
 * there before, and for fields behind one that takes the rest.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { constant, struct, u16, u8 } = binary
 * const header = struct({ magic: constant('HI'), kind: u8, size: u16 })
 * console.log(header.decode(Buffer.from('4849010020', 'hex'))) // { _tag: 'Right', right: { kind: 1, size: 32 } }
 * const short = header.decode(Buffer.from('4849', 'hex'))
 * console.log(short._tag === 'Left' ? short.left.issues[0]?.message : '') // expected 1 byte, got 0
 * ```
 */
export const struct = <const F extends StructFields>(fields: F): Struct<F> => {
  const parts = namesOf('struct()', 'fields', fields).map((name) => ({
    name,
    part: partOf('struct()', name, fields[name] as AnyBinary),
  }))
  return Object.assign(binaryCodec<StructOutput<F>, StructInput<F>>(structPart('struct()', parts)), { fields })
}
