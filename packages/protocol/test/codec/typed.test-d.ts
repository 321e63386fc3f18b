import { type } from 'arktype'
import type { Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import * as v from 'valibot'
import { expectTypeOf } from 'vitest'
import * as z from 'zod'
import type { Codec, Invalid, Protocol } from '../../src/index.ts'
import {
  attempted,
  hex,
  json,
  jsonLines,
  lengthPrefixed,
  lines,
  through,
  typed,
  typedAsync,
  utf8,
} from '../../src/index.ts'

interface Message {
  readonly id: number
  readonly text?: string | undefined
}

/** What a runner does: the types of the handler come from the protocol. */
declare const speak: <In, Out>(protocol: Protocol<In, Out>, handler: (message: In) => Out) => void

const ioTs = t.readonly(t.intersection([t.type({ id: t.number }), t.partial({ text: t.string })]))
const zod = z.object({ id: z.number(), text: z.string().optional() }).readonly()
const valibot = v.pipe(v.object({ id: v.number(), text: v.optional(v.string()) }), v.readonly())
const ark = type({ id: 'number', 'text?': 'string | undefined' }).readonly()

// the types of all four come out of the same expression
const framed = pipe(lengthPrefixed({ width: 2 }), through(utf8), through(json()))
expectTypeOf(framed).toEqualTypeOf<Protocol<unknown>>()
const byIoTs = pipe(framed, through(typed(ioTs)))
const byZod = pipe(lengthPrefixed(), through(utf8), through(json()), through(typed(zod)))
const byValibot = pipe(lengthPrefixed(), through(utf8), through(json()), through(typed(valibot)))
const byArk = pipe(lengthPrefixed(), through(utf8), through(json()), through(typed(ark)))
expectTypeOf(byIoTs).toExtend<Protocol<Message, { id: number; text: string }>>()
expectTypeOf(byZod).toEqualTypeOf<Protocol<Readonly<{ id: number; text?: string | undefined }>>>()
expectTypeOf(byValibot).toExtend<Protocol<Message, { id: number; text: string }>>()
expectTypeOf(byArk).toExtend<Protocol<Message, { id: number; text: string }>>()
expectTypeOf(pipe(jsonLines(), through(typed(zod)))).toEqualTypeOf(byZod)

// and reach the handler, where what is wrong is said at the place that is wrong
speak(byIoTs, ({ id }) => ({ id: id + 1 }))
speak(byZod, ({ id, text }) => {
  expectTypeOf(id).toEqualTypeOf<number>()
  expectTypeOf(text).toEqualTypeOf<string | undefined>()
  return { id }
})
speak(byValibot, ({ id }) => ({ id: id.toFixed().length }))
speak(byArk, ({ id }) => ({ id: id.toFixed().length }))
// @ts-expect-error there is no such field
speak(byZod, ({ name }) => ({ id: Number(name) }))
// @ts-expect-error text, where a number is sent
speak(byZod, ({ id }) => ({ id: String(id) }))
// @ts-expect-error text, where a number is sent
speak(byIoTs, ({ id }) => ({ id: String(id) }))
// @ts-expect-error text, where a number is sent
speak(byValibot, ({ id }) => ({ id: String(id) }))
// @ts-expect-error text, where a number is sent
speak(byArk, ({ id }) => ({ id: String(id) }))

// a schema that transforms reads one type and is sent another
const dated = typed(z.object({ at: z.string().transform((text) => new Date(text)) }))
expectTypeOf(dated).toEqualTypeOf<Codec<unknown, { at: Date }, { at: string }>>()
speak(pipe(jsonLines(), through(dated)), ({ at }) => ({ at: at.toISOString() }))
// @ts-expect-error what is read is not what is sent
speak(pipe(jsonLines(), through(dated)), (message) => message)
expectTypeOf(typed(v.pipe(v.string(), v.transform(Number)))).toEqualTypeOf<Codec<unknown, number, string>>()
expectTypeOf(typed(type('string').pipe((text) => text.length))).toEqualTypeOf<Codec<unknown, number, string>>()
// io-ts has a way back, so both ways are its type
const year = new t.Type<Date, number>(
  'Year',
  (u): u is Date => u instanceof Date,
  (u, c) => (typeof u === 'number' ? t.success(new Date(u, 0)) : t.failure(u, c)),
  (date) => date.getFullYear(),
)
expectTypeOf(typed(year)).toEqualTypeOf<Codec<unknown, Date>>()
expectTypeOf(typedAsync(zod)).returns.resolves.toEqualTypeOf<
  Either<Invalid, Readonly<{ id: number; text?: string | undefined }>>
>()

// errors as values
expectTypeOf(pipe(jsonLines(), through(attempted(typed(year))))).toEqualTypeOf<Protocol<Either<Invalid, Date>, Date>>()

// a codec goes where its wire is
expectTypeOf(pipe(lines(), through(hex))).toEqualTypeOf<Protocol<Uint8Array>>()
// @ts-expect-error lines are text, not bytes
pipe(lines(), through(utf8))
// @ts-expect-error frames are bytes, not text
pipe(lengthPrefixed(), through(json()))
// @ts-expect-error a schema tells nothing of bytes
pipe(lengthPrefixed(), through(typed(zod)))
// @ts-expect-error no schema
typed({})
