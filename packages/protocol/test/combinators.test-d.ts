import type { Either } from 'fp-ts/lib/Either.js'
import { expectTypeOf } from 'vitest'
import type { Chosen, DecodeError, HeaderFrame, Malformed, Protocol, TooLong } from '../src/index.ts'
import {
  andThen,
  attempt,
  copied,
  either,
  firstByte,
  headerFramed,
  lengthPrefixed,
  limited,
  lines,
  prefixed,
  skipping,
} from '../src/index.ts'

const tolerant = lines({ tooLong: 'value' })
type Tolerant = Either<TooLong | Malformed, string>

expectTypeOf(andThen(lines(), lengthPrefixed())).toEqualTypeOf<Protocol<Either<string, Uint8Array>>>()
expectTypeOf(andThen(tolerant, lengthPrefixed())).toEqualTypeOf<
  Protocol<Either<Tolerant, Uint8Array>, Either<string, Uint8Array>>
>()
expectTypeOf(either(headerFramed(), lines())).toEqualTypeOf<Protocol<Either<HeaderFrame, string>>>()
expectTypeOf(prefixed(lines(), lengthPrefixed())).toEqualTypeOf<
  Protocol<readonly [header: string, message: Uint8Array]>
>()
expectTypeOf(attempt(lines())).toEqualTypeOf<Protocol<Either<DecodeError, string>, string>>()
expectTypeOf(skipping(tolerant, { onSkipped: (error) => error.message })).toEqualTypeOf<Protocol<string>>()
expectTypeOf(limited(lines(), { framesPerDispatch: 1 })).toEqualTypeOf<Protocol<string>>()
expectTypeOf(copied(lengthPrefixed())).toEqualTypeOf<Protocol<Uint8Array>>()

const mixed = firstByte({
  among: { text: tolerant, framed: headerFramed() },
  choose: (byte) => (byte === 67 ? 'framed' : 'text'),
})
type Framed = { readonly _tag: 'framed'; readonly message: HeaderFrame }
expectTypeOf(mixed).toEqualTypeOf<
  Protocol<
    { readonly _tag: 'text'; readonly message: Tolerant } | Framed,
    { readonly _tag: 'text'; readonly message: string } | Framed
  >
>()
expectTypeOf<Chosen<Record<'a', Protocol<string>>>>().toEqualTypeOf<{ readonly _tag: 'a'; readonly message: string }>()

// @ts-expect-error no such protocol among them
firstByte({ among: { text: lines() }, choose: () => 'other' })
// @ts-expect-error lines() fails at a bad line: it cannot go on behind it
skipping(lines(), { onSkipped: () => undefined })
// @ts-expect-error how to copy such a frame is not known
copied(headerFramed())
// @ts-expect-error frames per second want a clock
limited(lines(), { framesPerSecond: 5 })
// @ts-expect-error no such duration
either(lines(), lines(), { per: 'frame' })
