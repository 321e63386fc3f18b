import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import type { Client, ClientOptions, Connection, Mode, RequestError } from '../../src/index.ts'
import { client, fromDuplex } from '../../src/index.ts'
import { memoryPair } from '../support/memoryPair.ts'
import { afterwards } from '../support/nothingLeft.ts'
import { until } from '../support/turns.ts'
import { VirtualClock } from '../support/virtualClock.ts'

/** The far end of one connection in memory, played by the test: what it heard, line by line, and what it says. */
export interface FarEnd {
  readonly heard: readonly string[]
  readonly connection: Connection
  say(...lines: readonly string[]): void
  end(): void
  /** Breaks the connection off, from the client's side of the wire. */
  lose(): void
  /** Waits until so many lines were heard. */
  hears(count: number): Promise<readonly string[]>
}

/** A connection in memory, and its far end. */
export const farEnd = (clock: VirtualClock): FarEnd => {
  const [near, far] = memoryPair()
  const heard: string[] = []
  let rest = ''
  far.on('error', () => undefined)
  far.on('end', () => far.end())
  far.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    heard.push(...parts)
  })
  const connection = fromDuplex(near, { scheduler: clock })
  afterwards(() => {
    connection.abort()
    far.destroy()
  })
  return {
    heard,
    connection,
    say: (...said) => {
      far.write(said.map((line) => `${line}\n`).join(''))
    },
    end: () => {
      far.end()
    },
    lose: () => {
      near.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))
    },
    hears: async (count) => {
      await until(`${String(count)} lines at the far end`, () => heard.length >= count)
      return heard
    },
  }
}

/** A client in virtual time, whose connections come when the test says so. */
export interface Scene<Req> {
  readonly client: Client<Req, string, string>
  readonly clock: VirtualClock
  /** Everybody who has subscribed to the source of connections. */
  readonly dials: readonly Subscriber<Connection>[]
  /** A connection is there, for who dialled last, or for that one. As with `connect`, its end is the source's. */
  readonly arrive: (dial?: number) => FarEnd
}

/** Waits: the source of its connections may complete with the first, or go on as behind `reconnect`. */
export const scene = <Req>(
  mode: Mode<Req, string, string>,
  options: ClientOptions = {},
  source: 'once' | 'again' = 'once',
): Scene<Req> => {
  const clock = new VirtualClock()
  const dials: Subscriber<Connection>[] = []
  const source$ = new Observable<Connection>((subscriber) => {
    dials.push(subscriber)
  })
  const made = client(source$, lines({ maxFrameBytes: 1024 }), mode, { scheduler: clock, ...options })
  return { client: made, clock, dials, arrive: (dial) => arrive(clock, dials.at(dial ?? -1), source) }
}

export const arrive = (
  clock: VirtualClock,
  dial: Subscriber<Connection> | undefined,
  source: 'once' | 'again' = 'once',
): FarEnd => {
  if (dial === undefined) throw new Error('nobody has dialled')
  const end = farEnd(clock)
  dial.next(end.connection)
  const over = (): void => {
    if (source === 'once') dial.complete()
  }
  end.connection.events$.subscribe({ complete: over })
  return end
}

/** What became of a request: `?` until it is settled. */
export const settled = <Res>(task: TaskEither<RequestError, Res>): { state: string; error: RequestError | null } => {
  const outcome = { state: '?', error: null as RequestError | null }
  void task().then((result) => {
    if (outcome.state !== '?') throw new Error('settled twice')
    outcome.state = E.isRight(result) ? String(result.right) : result.left._tag
    if (E.isLeft(result)) outcome.error = result.left
  })
  return outcome
}
