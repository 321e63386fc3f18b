export { bits } from './bits.ts'
export { bool } from './bool.ts'
export { bytes } from './bytes.ts'
export { checksum } from './checksum.ts'
export { constant, padding } from './constant.ts'
export { cstring } from './cstring.ts'
export { describe } from './describe.ts'
export { enumerated } from './enumerated.ts'
export { field, rest } from './field.ts'
export { flags } from './flags.ts'
export { f32, f32le, f64, f64le } from './floats.ts'
export { imap, refine } from './imap.ts'
export {
  i16,
  i16le,
  i24,
  i24le,
  i32,
  i32le,
  i64,
  i64le,
  i8,
  u16,
  u16le,
  u24,
  u24le,
  u32,
  u32le,
  u64,
  u64le,
  u8,
} from './integers.ts'
export { LAZY_DEFAULTS, lazy } from './lazy.ts'
export { list } from './list.ts'
export { listUntil } from './listUntil.ts'
export { optional } from './optional.ts'
export { sized } from './sized.ts'
export { struct } from './struct.ts'
export { tuple } from './tuple.ts'
export { utf8 } from './utf8.ts'
export { variant } from './variant.ts'
export { varint, zigzag } from './varint.ts'
export { withContext } from './withContext.ts'
