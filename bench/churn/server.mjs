// The servers of the churn: a line of text tells them how to behave.
import { EMPTY, NEVER, Subject, from, interval, map, mergeMap, of, takeUntil, takeWhile, throwError, timer } from 'rxjs'
import { lines, listen, mapAsync, showCause, speak } from 'sluice'

const MAX_LINE = 4096
const FLOOD = 'x'.repeat(MAX_LINE - 1)

/** @typedef {{ cause: string, events: string }} Story */
/** @typedef {{ accepted: number, closed: number, wrong: string[] }} Accounts */

/**
 * What a command makes of a connection; any other line comes back as it is.
 *
 * @type {Readonly<Record<string, (connection: import('sluice').Connection, unsubscribe: () => void) => import('rxjs').Observable<string>>>}
 */
const COMMANDS = {
  throw: () => {
    throw new Error('thrown by the handler')
  },
  fail: () => throwError(() => new Error('failed by the handler')),
  abort: (connection) => {
    connection.abort(new Error('aborted by the server'))
    return EMPTY
  },
  close: (connection) => {
    connection.close()
    return EMPTY
  },
  end: (connection) => {
    connection.end()
    return EMPTY
  },
  unsubscribe: (_, unsubscribe) => {
    unsubscribe()
    return EMPTY
  },
  'unsubscribe later': (_, unsubscribe) => timer(5).pipe(mergeMap(() => (unsubscribe(), EMPTY))),
  // on a timer no gate is there to be held: the bound of the writer is all there is
  flood: () => interval(1).pipe(mergeMap(() => from(Array.from({ length: 256 }, () => FLOOD)))),
  later: () => timer(20).pipe(map(() => 'later')),
  stay: () => NEVER,
}

/** @param {readonly import('sluice').ConnectionEvent[]} events */
const storyOf = (events) =>
  events.map((event) => (event._tag === 'Closed' ? `Closed (${showCause(event.cause)})` : event._tag)).join(' ')

/**
 * @param {import('rxjs').Observable<unknown>} stop$ every handler listens to it
 * @param {() => void} unsubscribe
 * @returns {import('sluice').Handler<string, string>}
 */
const handler = (stop$, unsubscribe) => (in$, connection) =>
  in$.pipe(
    mapAsync(4, (line) => (line.startsWith('async ') ? Promise.resolve(line) : of(line))),
    takeWhile((line) => line !== 'bye'),
    mergeMap((line) => COMMANDS[line]?.(connection, unsubscribe) ?? of(line)),
    takeUntil(stop$),
  )

/**
 * @typedef {object} One
 * @property {number} port
 * @property {() => number} live how many connections are open
 * @property {(port: number) => Promise<Story>} closed the story of the connection that came from this port
 * @property {() => Accounts} forget answers the accounts so far and opens new ones
 * @property {ReturnType<import('sluice').Listener['drain']>} stop
 */

/**
 * @param {import('rxjs').Observable<unknown>} stop$
 * @param {import('sluice').ListenOptions} [options]
 * @returns {Promise<One>}
 */
const startOne = async (stop$, options = {}) => {
  /** @type {Accounts} */
  let accounts = { accepted: 0, closed: 0, wrong: [] }
  /** @type {Map<number, { promise: Promise<Story>, resolve: (story: Story) => void }>} */
  const byPort = new Map()

  /** @param {number} port */
  const entry = (port) => {
    let found = byPort.get(port)
    if (found === undefined) {
      /** @type {(story: Story) => void} */
      let resolve = () => undefined
      const promise = new Promise((r) => (resolve = r))
      found = { promise, resolve }
      byPort.set(port, found)
    }
    return found
  }

  /** @param {import('sluice').Connection} connection */
  const watch = (connection) => {
    const account = accounts
    const port = connection.remote?.port
    /** @type {import('sluice').ConnectionEvent[]} */
    const events = []
    account.accepted++
    connection.events$.subscribe({
      next: (event) => {
        if (event._tag !== 'Data') events.push(event)
      },
      complete: () => {
        account.closed++
        const last = events.at(-1)
        if (last?._tag !== 'Closed' || events.filter((event) => event._tag === 'Closed').length !== 1) {
          account.wrong.push(`the server's events were ${events.map((event) => event._tag).join(' ')}`)
        } else if (port !== undefined) entry(port).resolve({ cause: last.cause._tag, events: storyOf(events) })
      },
    })
  }

  return new Promise((resolve) => {
    listen({
      host: '127.0.0.1',
      port: 0,
      maxUnsentBytes: 256 * 1024,
      halfClosedMs: 400,
      lingerMs: 300,
      frameMs: 400,
      probeMs: 100,
      ...options,
    })
      .pipe(
        mergeMap((listener) => {
          resolve({
            port: listener.address.port ?? 0,
            live: () => listener.live,
            stop: listener.drain({ deadlineMs: 1000 }),
            closed: async (port) => {
              const story = await entry(port).promise
              byPort.delete(port)
              return story
            },
            forget: () => {
              const past = accounts
              accounts = { accepted: 0, closed: 0, wrong: [] }
              byPort.clear()
              return past
            },
          })
          return listener.connections$
        }),
        mergeMap((connection) => {
          watch(connection)
          const gone$ = new Subject()
          return of(connection).pipe(
            speak(
              lines({ maxFrameBytes: MAX_LINE }),
              handler(stop$, () => gone$.next(undefined)),
            ),
            takeUntil(gone$),
          )
        }),
      )
      .subscribe()
  })
}

/**
 * One that answers, one that puts out who is silent, and one for those who may leave before they are seen.
 *
 * @param {import('rxjs').Observable<unknown>} stop$
 */
export const startServers = async (stop$) => {
  const answering = await startOne(stop$)
  const silence = await startOne(stop$, { silenceMs: 100 })
  const lobby = await startOne(stop$)
  const all = [answering, silence, lobby]
  return {
    answering,
    silence,
    lobby,
    live: () => all.reduce((sum, one) => sum + one.live(), 0),
    forget: () => {
      const past = all.map((one) => one.forget())
      return {
        accepted: past.reduce((sum, one) => sum + one.accepted, 0),
        closed: past.reduce((sum, one) => sum + one.closed, 0),
        wrong: past.flatMap((one) => one.wrong),
      }
    },
    stop: async () => {
      const reports = await Promise.all(all.map((one) => one.stop()))
      return reports.reduce((sum, one) => sum + (one._tag === 'Right' ? one.right.connections.length : 0), 0)
    },
  }
}
