import type { Either } from 'fp-ts/lib/Either.js'
import { expectTypeOf } from 'vitest'
import type { Malformed, Protocol, TooLong } from '../src/index.ts'
import { lines } from '../src/index.ts'

type OrError<A> = Either<TooLong | Malformed, A>

expectTypeOf(lines()).toEqualTypeOf<Protocol<string>>()
expectTypeOf(lines({ ending: 'crlf', maxFrameBytes: 512, unterminated: 'line' })).toEqualTypeOf<Protocol<string>>()
expectTypeOf(lines({ encoding: 'latin1' })).toEqualTypeOf<Protocol<string>>()
expectTypeOf(lines({ encoding: 'ascii' })).toEqualTypeOf<Protocol<string>>()
expectTypeOf(lines({ encoding: 'bytes' })).toEqualTypeOf<Protocol<Uint8Array>>()
expectTypeOf(lines({ tooLong: 'skip', invalidText: 'replace' })).toEqualTypeOf<Protocol<string>>()
expectTypeOf(lines({ tooLong: 'value' })).toEqualTypeOf<Protocol<OrError<string>, string>>()
expectTypeOf(lines({ invalidText: 'value' })).toEqualTypeOf<Protocol<OrError<string>, string>>()
expectTypeOf(lines({ tooLong: 'value', encoding: 'bytes' })).toEqualTypeOf<Protocol<OrError<Uint8Array>, Uint8Array>>()

// @ts-expect-error no such option
lines({ endings: 'lf' })
// @ts-expect-error no such ending
lines({ ending: 'cr' })
// @ts-expect-error no such encoding
lines({ encoding: 'utf-8' })
// @ts-expect-error a limit is a number
lines({ maxFrameBytes: '64' })
// @ts-expect-error a line over the limit cannot be replaced
lines({ tooLong: 'replace' })
// @ts-expect-error text is no frame of bytes
lines({ encoding: 'bytes' }).encode('text', expectTypeOf)
