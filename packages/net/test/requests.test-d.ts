import type { EncodeError, Protocol } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Observable, OperatorFunction } from 'rxjs'
import { expectTypeOf } from 'vitest'
import type { Cause, Client, Mode, RequestError } from '../src/index.ts'
import {
  answer,
  backoff,
  client,
  connect,
  correlated,
  listen,
  pipelined,
  pool,
  serve,
  streaming,
} from '../src/index.ts'

interface Ask {
  readonly id: number
  readonly method: string
}
interface Reply {
  readonly id: number | null
  readonly result: number
}
declare const rpc: Protocol<Reply, Ask>
declare const numbers: Protocol<number, string>
const connection$ = connect({ port: 1 })

// what is asked and answered is what the protocol sends and reads
expectTypeOf(client(connection$, lines(), pipelined())).toEqualTypeOf<Client<string, string, string>>()
expectTypeOf(client(connection$, numbers, pipelined())).toEqualTypeOf<Client<string, number, string>>()
const counting = client(connection$, numbers, pipelined({ isPush: (n) => n > 1 }))
expectTypeOf(counting.request('a')).toEqualTypeOf<TaskEither<RequestError, number>>()
expectTypeOf(counting.request('a')()).resolves.toEqualTypeOf<Either<RequestError, number>>()
expectTypeOf(counting.request$('a', { timeoutMs: 1, idempotent: true })).toEqualTypeOf<Observable<number>>()
expectTypeOf(counting.notify('a')).toEqualTypeOf<TaskEither<RequestError, void>>()
expectTypeOf(counting.pushes$).toEqualTypeOf<Observable<number>>()
// @ts-expect-error the protocol sends text
counting.request(1)

// with ids, what is asked is what `withId` takes
const calling = client(
  connection$,
  rpc,
  correlated({
    idOf: (reply) => {
      expectTypeOf(reply).toEqualTypeOf<Reply>()
      return reply.id ?? undefined
    },
    withId: (method: string, id) => ({ id, method }),
  }),
)
expectTypeOf(calling).toEqualTypeOf<Client<string, Reply, Ask>>()
expectTypeOf(calling.request('sum')).toEqualTypeOf<TaskEither<RequestError, Reply>>()
calling.notify({ id: 0, method: 'bye' })
// @ts-expect-error a message of the protocol is no request
calling.request({ id: 1, method: 'sum' })
// @ts-expect-error an id is a number
client(connection$, lines(), correlated({ idOf: (line) => line, withId: (text: string) => text }))
// @ts-expect-error ids need both ways
correlated({ idOf: (line: string) => line.length })

// a mode around another
const byId = correlated<string, Reply, Ask>({
  idOf: ({ id }) => id ?? undefined,
  withId: (method, id) => ({ id, method }),
})
expectTypeOf(streaming(byId, { isLast: ({ result }) => result === 0 })).toEqualTypeOf<Mode<string, Reply, Ask>>()
expectTypeOf(pool(connection$, rpc, byId, { max: 2, healthCheck: { request: 'ping' } })).toEqualTypeOf<
  Client<string, Reply, Ask>
>()
// @ts-expect-error the health check asks as everybody does
pool(connection$, rpc, byId, { healthCheck: { request: 1 } })
// @ts-expect-error a listener is no connection
client(listen({ port: 0 }), lines(), pipelined())
client(connection$, lines(), pipelined(), { retry: backoff(), window: 1, maxWaiting: 0, clocks: { silenceMs: 1 } })

// a closed union, each of which says whether it was sent
expectTypeOf<RequestError['_tag']>().toEqualTypeOf<
  'RequestTimedOut' | 'RequestCancelled' | 'RequestLost' | 'RequestNotEncodable' | 'WindowFull' | 'ClientClosed'
>()
expectTypeOf<RequestError['sent']>().toEqualTypeOf<boolean>()
expectTypeOf<Extract<RequestError, { _tag: 'RequestLost' }>['reason']>().toEqualTypeOf<Cause>()
expectTypeOf<Extract<RequestError, { _tag: 'RequestNotEncodable' }>['error']>().toEqualTypeOf<EncodeError>()
expectTypeOf<Extract<RequestError, { _tag: 'WindowFull' }>['sent']>().toEqualTypeOf<false>()

// an answer is a handler
expectTypeOf(answer(async (n: number) => Promise.resolve(String(n)))).toEqualTypeOf<OperatorFunction<number, string>>()
listen({ port: 0 }).pipe(
  serve(
    lines(),
    answer((line, { signal }) => {
      expectTypeOf(line).toEqualTypeOf<string>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      return [line]
    }),
  ),
)
serve(
  numbers,
  answer((n) => [n.toFixed()], { parallelism: 4, ordered: false, whenFailed: (_, n) => n.toFixed() }),
)
// @ts-expect-error the answers are text
serve(lines(), answer((line: string) => [line.length])) // prettier-ignore
