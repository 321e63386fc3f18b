import assert from 'node:assert/strict'
import type { Closed } from '../../src/index.ts'
import { turns } from '../support/turns.ts'
import type { Serving, Talk, Watched } from './talk.ts'
import { Bench, shout } from './bench.ts'
import { inKernel, resources, surplus } from './resources.ts'
import type { Case } from './row.ts'
import { until } from './until.ts'

const LIMIT_MS = 60_000
const GIVEN_BACK_MS = 5_000
const ALARMS = ['uncaughtException', 'unhandledRejection', 'warning'] as const

/**
 * Runs one row, and checks what must hold whatever the fault:
 *
 * | | |
 * |---|---|
 * | O1 | the end is told once, last of all |
 * | O2 | what was delivered is the beginning of what was sent, both ways |
 * | O3 | descriptors, timers, listeners and the kernel's sockets are as before |
 * | O4 | no uncaught exception, unhandled rejection or warning |
 * | O5 | others talk on |
 * | O6 | the cause is one the row allows |
 */
export const hold = async ({ row, side, carrier }: Case): Promise<void> => {
  const alarms: unknown[] = []
  const alarm = (what: unknown): void => {
    alarms.push(what)
  }
  for (const name of ALARMS) process.on(name, alarm)
  const before = resources()
  const bench = new Bench(side, carrier)
  const neighbours = new Bench(side, carrier)
  let remains: string[] = []
  try {
    const other = await neighbours.talk()
    await inTime(row.run(bench))
    await turns()
    for (const watched of bench.watched) ended(watched, row.causes)
    for (const talk of bench.talks) delivered(talk)
    await talksOn(other)
    bench.victims = false
    for (const serving of bench.servings) await goesOn(serving)
  } finally {
    bench.giveBack()
    neighbours.giveBack()
    const given = (): boolean => (remains = left(before, bench)).length === 0
    await until('all to be given back', given, GIVEN_BACK_MS).catch(() => undefined)
    for (const name of ALARMS) process.off(name, alarm)
  }
  assert.deepEqual(remains, [], 'O3: something is left')
  assert.deepEqual(alarms, [], 'O4: something was raised')
}

/** O1, O6. */
const ended = ({ events }: Watched, causes: readonly Closed['cause']['_tag'][]): void => {
  const closed = events.filter((event) => event._tag === 'Closed')
  assert.equal(closed.length, 1, `O1: ${String(closed.length)} ends were told`)
  assert.equal(events.at(-1), closed[0], 'O1: something was told behind the end')
  const { cause } = closed[0] as Closed
  assert.ok(causes.includes(cause._tag), `O6: the cause is ${cause._tag}, not ${causes.join(' or ')}`)
}

/** O2. A line may still be on its way, or be the peer's unfinished last. */
const delivered = ({ peer, heard, said }: Talk): void => {
  const sent = heard.map((line) => `${line}\n`).join('')
  assert.ok(peer.sent.startsWith(sent), 'O2: we were given what the peer has not sent')
  const answered = said.map((line) => `${line}\n`).join('')
  assert.ok(answered.startsWith(peer.got), 'O2: the peer was given what we have not said')
}

/** O5. */
const talksOn = async ({ peer, closed, connection }: Talk): Promise<void> => {
  peer.write('still here\n')
  assert.equal(await inTime(peer.next(11)), 'STILL HERE\n', 'O5: somebody else was harmed')
  peer.end()
  await inTime(peer.text())
  assert.equal((await inTime(closed)).cause._tag, 'Finished', 'O5: somebody else was harmed')
  assert.equal(connection.unsentBytes, 0)
}

/** O5: a server that was not told to stop takes the next one, and talks with it where it is one that ends. */
const goesOn = async ({ listener, handler, talk }: Serving): Promise<void> => {
  let closed = false
  listener.events$.subscribe({ complete: () => (closed = true) }).unsubscribe()
  if (closed) return
  const next = await inTime(talk())
  if (handler === shout) await talksOn(next)
}

/** O3. The kernel is asked only when the process has given back everything: that takes it long. */
const left = (before: Readonly<Record<string, number>>, { ports }: Bench): string[] => {
  const more = Object.entries(surplus(before)).map(([kind, count]) => `${kind}: ${String(count)}`)
  return more.length !== 0 || ports.length === 0 ? more : inKernel(ports)
}

/** What hangs fails. */
const inTime = async <A>(promise: Promise<A>): Promise<A> => {
  let late: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      reject(new Error(`nothing within ${String(LIMIT_MS)} ms`))
    }, LIMIT_MS)
  })
  return Promise.race([promise, limit]).finally(() => {
    clearTimeout(late)
  })
}
