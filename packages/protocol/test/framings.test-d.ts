import { expectTypeOf } from 'vitest'
import type { Protocol } from '../src/index.ts'
import {
  berPrefixed,
  bytes,
  cobs,
  decimalPrefixed,
  delimited,
  fixedLength,
  lengthPrefixed,
  slip,
  varintPrefixed,
} from '../src/index.ts'

expectTypeOf(lengthPrefixed()).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(delimited([';', Uint8Array.of(0)] as const)).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(fixedLength(3)).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(varintPrefixed()).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(berPrefixed()).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(decimalPrefixed()).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(cobs()).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(slip()).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(bytes()).toEqualTypeOf<Protocol<Uint8Array>>()

lengthPrefixed({ trailer: { bytes: Uint8Array.of(3) } })
lengthPrefixed({ trailer: { checksum: (covered) => covered.length, width: 2, covers: 'frame' } })

// @ts-expect-error no such width
lengthPrefixed({ width: 5 })
// @ts-expect-error a checksum says its width
lengthPrefixed({ trailer: { checksum: () => 1 } })
// @ts-expect-error a magic number is bytes
lengthPrefixed({ magic: 'PK' })
// @ts-expect-error no such option
lengthPrefixed({ maxFrameLength: 5 })
// @ts-expect-error a framing that always has a size must be told which
fixedLength()
// @ts-expect-error a frame ends with something
delimited()
// @ts-expect-error no such escape
delimited(';', { escape: 'slash' })
// @ts-expect-error there are two radices
decimalPrefixed({ radix: 8 })
// @ts-expect-error lengths of varying size have no trailer to strip
varintPrefixed({ strip: 'both' })
// @ts-expect-error messages are bytes
slip().encode('text', expectTypeOf)
