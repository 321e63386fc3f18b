// Many clients lose one server at the same moment, which comes back after a while. How they come back to it.
import { concat, ignoreElements, of, tap } from 'rxjs'
import { backoff, connect, lines, reconnect, speak } from 'sluice'
import { start } from '../internal/children.mjs'
import { random } from '../internal/random.mjs'
import { conclude, option, table } from '../internal/report.mjs'

const CLIENTS = option('clients', 500)
const DOWN_S = option('down-s', 6)
const SEED = option('seed', Math.floor(Math.random() * 1e9))
const JITTER = option('jitter', 1) === 0 ? 'none' : 'full'
const WINDOW_MS = 100
const SHARE = 0.1
const ALL_MS = 120_000

const guard = setTimeout(() => {
  console.error(`not done in ${ALL_MS} ms; seed ${SEED}`)
  process.exit(2)
}, ALL_MS)
guard.unref()

/** @type {string[]} */
const mishaps = []
for (const event of ['uncaughtException', 'unhandledRejection', 'warning']) {
  process.on(event, (error) => mishaps.push(`${event}: ${error?.stack ?? error}`))
}

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** @param {number} port */
const serverAt = async (port) => {
  const child = start(new URL('./server.mjs', import.meta.url).href, { args: [port] })
  const { port: bound } = await child.hear('listening')
  return { child, port: Number(bound) }
}

/** @param {() => boolean} holds */
const until = async (holds) => {
  while (!holds()) await sleep(10)
}

/** @type {{ at: number, attempt: number }[]} */
const attempts = []
/** @type {Map<string, number>} */
const told = new Map()
let [up, answered, selfConnected, lostAt] = [0, 0, 0, 0]

/** @param {import('sluice').ReconnectEvent} event */
const tell = (event) => {
  told.set(event._tag, (told.get(event._tag) ?? 0) + 1)
  if (event._tag === 'Up') {
    up++
    if (event.connection.local?.port === event.connection.remote?.port) selfConnected++
  } else if (event._tag === 'Lost') up--
  else if (event._tag === 'Connecting' && lostAt !== 0) {
    attempts.push({ at: performance.now() - lostAt, attempt: event.attempt })
  }
}

console.log(`${CLIENTS} clients, the server down for ${DOWN_S} s, jitter ${JITTER}, seed ${SEED}`)
const first = await serverAt(0)
const policy = backoff({ jitter: JITTER, random: random(SEED).next })
const clients = Array.from({ length: CLIENTS }, (_, i) =>
  connect({ host: '127.0.0.1', port: first.port })
    .pipe(
      reconnect(policy, { tell, afterFinished: true }),
      speak(lines(), (in$) =>
        concat(
          of(`client ${i}`),
          in$.pipe(
            tap(() => answered++),
            ignoreElements(),
          ),
        ),
      ),
    )
    .subscribe({ error: (error) => mishaps.push(`gave up: ${error}`) }),
)
await until(() => up === CLIENTS && answered === CLIENTS)
first.child.end()
lostAt = performance.now()
await sleep(DOWN_S * 1000)
const second = await serverAt(first.port)
const backAt = performance.now() - lostAt
await until(() => up === CLIENTS && answered === 2 * CLIENTS)
const allUpAt = performance.now() - lostAt
for (const client of clients) client.unsubscribe()
second.child.end()
clearTimeout(guard)

/**
 * The most of these that began within any `WINDOW_MS`, wherever the window is laid.
 *
 * @param {readonly number[]} times in order
 */
const peak = (times) => {
  let most = 0
  for (let from = 0, to = 0; to < times.length; to++) {
    while ((times[to] ?? 0) - (times[from] ?? 0) >= WINDOW_MS) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

/** @param {(attempt: number) => boolean} which */
const timesOf = (which) =>
  attempts
    .filter(({ attempt }) => which(attempt))
    .map(({ at }) => at)
    .sort((a, b) => a - b)

const firsts = timesOf((attempt) => attempt === 1)
const later = timesOf((attempt) => attempt > 1)
const windows = Math.ceil(Math.max(0, ...attempts.map(({ at }) => at)) / WINDOW_MS)
const histogram = Array.from({ length: windows }, (_, window) => {
  /** @param {readonly number[]} times */
  const within = (times) => times.filter((at) => Math.floor(at / WINDOW_MS) === window).length
  const [one, more] = [within(firsts), within(later)]
  return { 'from, ms': window * WINDOW_MS, first: one, later: more, '': '#'.repeat(one) + '+'.repeat(more) }
}).filter(({ first, later: more }) => first + more > 0)
console.log(
  `\nattempts in each ${WINDOW_MS} ms after the server was killed, where there were any; # the first of a client, + later ones\n`,
)
console.log(table(histogram))
console.log(
  `\nthe server was back after ${Math.round(backAt)} ms, all clients after ${Math.round(allUpAt)} ms, with ${attempts.length} attempts`,
)
for (const mishap of new Set(mishaps)) console.log(`! ${mishap}`)

const bound = Math.floor(CLIENTS * SHARE)
const most = peak(later)
conclude(
  'reconnect-storm',
  [
    {
      name: `attempts after the first, in any ${WINDOW_MS} ms`,
      value: most,
      bound: `<= ${bound}`,
      holds: most <= bound,
    },
    { name: 'connected to themselves', value: selfConnected, bound: '0', holds: selfConnected === 0 },
    { name: 'clients that lost the server', value: told.get('Lost') ?? 0, bound: String(CLIENTS), holds: told.get('Lost') === CLIENTS }, // prettier-ignore
    { name: 'exceptions, rejections, warnings, gave up', value: mishaps.length, bound: '0', holds: mishaps.length === 0 }, // prettier-ignore
  ],
  {
    seed: SEED,
    clients: CLIENTS,
    jitter: JITTER,
    attempts: attempts.length,
    peakOfFirst: peak(firsts),
    peakOfLater: most,
    serverBackMs: Math.round(backAt),
    allUpMs: Math.round(allUpAt),
    told: Object.fromEntries(told),
  },
)
