import type { DecodeError, Invalid, Protocol, WrongOption } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import type * as E from 'fp-ts/lib/Either.js'
import type { Observable, OperatorFunction } from 'rxjs'
import { filter, map, merge, of } from 'rxjs'
import { expectTypeOf } from 'vitest'
import type { Cause, Closed, Connection, Handler, Listener, Session } from '../src/index.ts'
import {
  clocks,
  connect,
  decode,
  listen,
  mapAsync,
  mapAsyncUnordered,
  serve,
  speak,
  switchTo,
  writeTo,
} from '../src/index.ts'

declare const connection: Connection
declare const numbers: Protocol<number, string>
declare const either: Protocol<E.Either<DecodeError, string>, string>

// a handler's input and output are those of its protocol, inferred inside of it
expectTypeOf(speak(lines(), map((line) => line.toUpperCase()))).toEqualTypeOf<OperatorFunction<Connection, Closed>>() // prettier-ignore
expectTypeOf(serve(lines(), map((line) => line.toUpperCase()))).toEqualTypeOf<OperatorFunction<Listener, Session>>() // prettier-ignore
speak(numbers, (in$, self) => {
  expectTypeOf(in$).toEqualTypeOf<Observable<number>>()
  expectTypeOf(self).toEqualTypeOf<Connection>()
  return in$.pipe(map((n) => n.toFixed()))
})
speak(
  numbers,
  mapAsync(2, async (n) => Promise.resolve(n.toFixed())),
)
serve(either, (in$) => in$.pipe(map((line) => (line._tag === 'Left' ? line.left._tag : line.right))))
speak(lines(), filter((line) => line !== '')) // prettier-ignore

// @ts-expect-error the handler gives numbers, the protocol sends text
speak(lines(), map((line) => line.length)) // prettier-ignore
// @ts-expect-error the handler takes numbers, the protocol reads text
serve(lines(), map((n: number) => String(n))) // prettier-ignore
// @ts-expect-error a handler answers an Observable
speak(lines(), () => 'hello')
// @ts-expect-error a protocol comes first
serve(map((line: string) => line))

// what is no message is the handler's where that is asked for, and what is answered is what may be sent
speak(numbers, (in$) => {
  expectTypeOf(in$).toEqualTypeOf<Observable<E.Either<Invalid, number>>>()
  return in$.pipe(map((one) => (one._tag === 'Left' ? one.left.codec : one.right.toFixed())))
}, { invalid: 'either' }) // prettier-ignore
serve(numbers, map((one) => (one._tag === 'Left' ? '' : one.right.toFixed())), { invalid: 'either' }) // prettier-ignore
speak(numbers, map((n) => n.toFixed()), { invalid: { answer: (error) => error.codec } }) // prettier-ignore
serve(numbers, map((n) => n.toFixed()), { invalid: 'skip', clocks: { silenceMs: 1 } }) // prettier-ignore
speak(numbers, map((n) => n.toFixed()), { clocks: { silenceMs: 1 } }) // prettier-ignore
// @ts-expect-error the answer is a number, the protocol sends text
speak(numbers, () => of('x'), { invalid: { answer: () => 1 } })
// @ts-expect-error the handler takes messages, not Eithers
speak(numbers, map((n: number) => n.toFixed()), { invalid: 'either' }) // prettier-ignore
// @ts-expect-error the handler takes Eithers, and is given messages
speak(numbers, map((one: E.Either<Invalid, number>) => one._tag), { invalid: 'skip' }) // prettier-ignore

// runners fit where they belong
expectTypeOf(connect({ port: 1 }).pipe(speak(lines(), () => of('x')))).toEqualTypeOf<Observable<Closed>>()
expectTypeOf(listen({ port: 0 }).pipe(serve(lines(), () => of('x')))).toEqualTypeOf<Observable<Session>>()
// @ts-expect-error a listener is no connection
listen({ port: 0 }).pipe(speak(lines(), () => of('x')))

// clocks: options of runners, and an operator that changes nothing else
expectTypeOf(speak(numbers, () => of('x'), { clocks: { silenceMs: 1 } })).toEqualTypeOf<OperatorFunction<Connection, Closed>>() // prettier-ignore
expectTypeOf(connect({ port: 1 }).pipe(clocks({ frameMs: 1 }))).toEqualTypeOf<Observable<Connection>>()
connection.setClocks({ onExpiry: { silence: 'event', consumer: 'end' } })
// @ts-expect-error the probe ends nothing
connection.setClocks({ onExpiry: { probe: 'event' } })
// @ts-expect-error a clock of connect, not of a connection
connection.setClocks({ connectMs: 1 })

// a switch emits nothing, so that it goes into any output; its handler is typed by its own protocol
expectTypeOf(switchTo(connection, numbers, (in$) => in$.pipe(map((n) => n.toFixed())))).toEqualTypeOf<Observable<never>>() // prettier-ignore
speak(lines(), (in$, self) =>
  merge(
    in$,
    switchTo(self, numbers, (n$) => n$.pipe(map((n) => n.toFixed()))),
  ),
)
// @ts-expect-error the handler gives numbers, the protocol sends text
switchTo(connection, numbers, (in$) => in$)

// operators
expectTypeOf(connection.data$.pipe(decode(numbers as Protocol<number, never>))).toEqualTypeOf<Observable<number>>()
expectTypeOf(connection.data$.pipe(decode(lines()))).toEqualTypeOf<Observable<string>>()
expectTypeOf(of('x').pipe(writeTo(connection, { protocol: lines() }))).toEqualTypeOf<Observable<never>>()
expectTypeOf(connection.data$.pipe(writeTo(connection))).toEqualTypeOf<Observable<never>>()
expectTypeOf(of(1).pipe(mapAsyncUnordered(1, (n) => [String(n)]))).toEqualTypeOf<Observable<string>>()
// @ts-expect-error text needs a protocol to become bytes
of('x').pipe(writeTo(connection))
// @ts-expect-error the protocol sends text
of(1).pipe(writeTo(connection, { protocol: lines() }))

// a plain operator is a handler, and causes are a closed union
expectTypeOf<OperatorFunction<string, string>>().toExtend<Handler<string, string>>()
expectTypeOf<Extract<Cause, { _tag: 'TimedOut' }>['clock']>().toEqualTypeOf<
  'connect' | 'handshake' | 'silence' | 'frame' | 'writeProgress' | 'halfClosed' | 'linger' | 'consumer' | 'heartbeat'
>()
expectTypeOf<WrongOption['_tag']>().toEqualTypeOf<'WrongOption'>()
