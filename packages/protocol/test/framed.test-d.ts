import * as E from 'fp-ts/lib/Either.js'
import { expectTypeOf } from 'vitest'
import type { Protocol, Reader, Readers } from '../src/index.ts'
import { framed } from '../src/index.ts'

const encode = () => E.right(undefined)

const pair = framed({
  name: 'pair()',
  read: function* ({ u16be, take, until, literal }) {
    const length = yield* u16be
    expectTypeOf(length).toEqualTypeOf<number>()
    const payload = yield* take(length)
    expectTypeOf(payload).toEqualTypeOf<Uint8Array>()
    expectTypeOf(yield* until(0)).toEqualTypeOf<Uint8Array>()
    yield* literal(payload)
    return { length, payload }
  },
  encode,
})
expectTypeOf(pair).toEqualTypeOf<Protocol<{ length: number; payload: Uint8Array }>>()

const parts = function* ({ u8 }: Readers) {
  return String(yield* u8)
}
const texts = framed({
  name: 'texts()',
  read: function* (r) {
    return [yield* parts(r), yield* parts(r)] as const
  },
  encode: (_message: string, out) => E.right(out.byte(0)),
})
expectTypeOf(texts).toEqualTypeOf<Protocol<readonly [string, string], string>>()

expectTypeOf<Readers['u8']>().toEqualTypeOf<Reader<number>>()

framed({
  name: 'choosy()',
  read: function* ({ u8, malformed }) {
    const kind = yield* u8
    if (kind > 1) return yield* malformed('a kind')
    return kind === 0 ? 'a' : 'b'
  },
  // what is read is one of two words, and nothing else
  encode: (message: 'a' | 'b', out) => E.right(out.latin1(message)),
})

framed({
  name: 'wrong()',
  // @ts-expect-error a frame is read with the readers, not with promises
  read: function* () {
    yield Promise.resolve(1)
    return 1
  },
  encode,
})
