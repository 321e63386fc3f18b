import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Observable, OperatorFunction } from 'rxjs'
import { EMPTY, map, merge, mergeMap, NEVER, of } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Listener, ServerEvent } from '../src/index.ts'
import { listen, mapAsync, runServer, serve } from '../src/index.ts'
import { come, shouting } from './support/guests.ts'
import { everything, HOST, next } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

afterEach(() => {
  process.exitCode = undefined
})

const bound$ = listen({ port: 0, host: HOST })

/** A server in this process, and what it tells. */
const running = (
  listeners$: Observable<Listener> = bound$,
  serving: OperatorFunction<Listener, unknown> = shouting,
  drainMs = 15_000,
) => {
  const stop = new AbortController()
  const events: ServerEvent[] = []
  const listeners: Listener[] = []
  const tell = (event: ServerEvent): void => {
    events.push(event)
    if (event._tag === 'Started') listeners.push(event.listener)
  }
  const ending = runServer(listeners$, serving, { stop: stop.signal, signals: [], drainMs, tell })()
  const tags = (): string[] => events.map(({ _tag }) => _tag)
  return { stop, tags, listeners, ending }
}

describe('runServer in a program', () => {
  it('is lazy: nothing happens before it is run [R26]', () => {
    const before = process.listenerCount('SIGTERM')
    runServer(bound$, shouting)
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  it('ends Drained, with the report of each listener [R25]', async () => {
    const { stop, tags, listeners, ending } = running(merge(bound$, bound$))
    await until('both listen', () => listeners.length === 2)
    for (const listener of listeners) {
      const [peer] = await come(listener, 1)
      peer?.once('end', () => peer.end())
      peer?.write('hello\n')
      expect(peer && (await next(peer, 6))).toBe('HELLO\n')
    }
    stop.abort()
    const outcome = await ending
    expect(outcome).toMatchObject(E.right({ _tag: 'Drained', exitCode: 0, by: 'stop' }))
    expect(E.isRight(outcome) && outcome.right._tag === 'Drained' && outcome.right.reports).toMatchObject([
      { live: 1, finished: 1 },
      { live: 1, finished: 1 },
    ])
    expect(tags()).toEqual(['Started', 'Started', 'Stopping', 'Stopped'])
    expect(process.exitCode).toBe(undefined)
  })

  it('ends by itself where its listener was closed: Ended', async () => {
    const { tags, listeners, ending } = running()
    await until('it listens', () => listeners.length === 1)
    await listeners[0]?.drain()()
    expect(await ending).toEqual(E.right({ _tag: 'Ended', exitCode: 0 }))
    expect(tags()).toEqual(['Started', 'Stopped'])
  })

  it('asked before it listens does not begin', async () => {
    const { stop, tags, ending } = running()
    stop.abort()
    expect(await ending).toEqual(E.right({ _tag: 'Drained', exitCode: 0, by: 'stop', reports: [] }))
    expect(tags()).toEqual(['Stopping', 'Stopped'])
  })

  it('asked before it was run does not begin either', async () => {
    const ending = await runServer(bound$, shouting, { stop: AbortSignal.abort(), signals: [] })()
    expect(ending).toMatchObject(E.right({ _tag: 'Drained', reports: [] }))
  })

  it('waits for what is made of the last sessions, until the deadline', async () => {
    const logged: string[] = []
    const log = mergeMap(async () => {
      for (let i = 0; i < 20; i++) await new Promise(setImmediate)
      logged.push('session')
    })
    const { stop, listeners, ending } = running(bound$, (listeners$) => listeners$.pipe(shouting, log))
    await until('it listens', () => listeners.length === 1)
    const [listener] = listeners
    if (listener === undefined) throw new Error('nobody listens')
    for (const peer of await come(listener, 3)) peer.once('end', () => peer.end()).resume()
    stop.abort()
    await ending
    expect(logged).toEqual(['session', 'session', 'session'])
  })

  it('does not wait longer than that for what never ends', async () => {
    const forEver = (listeners$: Observable<Listener>) => merge(listeners$.pipe(shouting), NEVER)
    const { stop, listeners, ending } = running(bound$, forEver, 50)
    await until('it listens', () => listeners.length === 1)
    stop.abort()
    expect(await ending).toMatchObject(E.right({ _tag: 'Drained', exitCode: 0 }))
  })

  it('is CutShort, with 1, where somebody had to be aborted [R25]', async () => {
    const stuck = serve<string, string>(lines(), mapAsync(1, () => NEVER)) // prettier-ignore
    const { stop, listeners, ending } = running(bound$, stuck, 50)
    await until('it listens', () => listeners.length === 1)
    const [listener] = listeners
    if (listener === undefined) throw new Error('nobody listens')
    const [peer] = await come(listener, 1)
    peer?.write('a\n')
    const broken = peer && expect(everything(peer)).rejects.toThrow('closed')
    stop.abort()
    expect(await ending).toMatchObject(E.right({ _tag: 'CutShort', exitCode: 1, reports: [{ aborted: 1 }] }))
    expect(process.exitCode).toBe(1)
    await broken
  })

  it('is Left where nothing can be bound, or serving fails [R27]', async () => {
    const nowhere = await running(listen({ port: 0, host: '192.0.2.1' })).ending
    expect(nowhere).toMatchObject(E.left({ _tag: 'ListenFailed', code: 'EADDRNOTAVAIL' }))
    const fails = map<Listener, string>(() => {
      throw new Error('no')
    })
    expect(await running(bound$, fails).ending).toMatchObject(
      E.left({ _tag: 'ServingFailed', cause: { message: 'no' } }),
    )
    expect(process.exitCode).toBe(1)
  })

  it('throws WrongOption at construction [R27]', () => {
    expect(() => runServer(of<Listener>(), () => EMPTY, { drainMs: 0 })).toThrow('drainMs')
    expect(() => runServer(of<Listener>(), () => EMPTY, { sameMs: -1 })).toThrow('sameMs')
  })
})
