import type { Connection, Handler } from '@sluice/net'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { SchedulerLike } from 'rxjs'
import { NEVER, Observable, concat, delay, map, merge, mergeMap, observeOn, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { LawBroken, handlerLaws } from '../src/index.ts'

type Make = (clock: SchedulerLike) => Handler<string, string>

const message = fc.stringMatching(/^[a-z]{0,3}$/)

/** The failures of a handler, by rule, the first of each; only of one rule, where one is named. */
const failures = async (make: Make, rule = ''): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  for (const law of handlerLaws(lines({ maxFrameBytes: 16 }), make, { message, runs: 30, seed: 7 })) {
    if (!law.name.includes(rule)) continue
    try {
      await law.run()
    } catch (error) {
      if (!(error instanceof LawBroken)) throw error
      if (!found.has(error.law.rule)) found.set(error.law.rule, error.drawing)
    }
  }
  return found
}

/** Says something behind its completion. */
const answersLate: Make = () => (in$) =>
  new Observable((out) =>
    in$.subscribe({
      next: (line) => {
        out.next(line)
      },
      error: (error: unknown) => {
        out.error(error)
      },
      complete: () => {
        out.complete()
        // eslint-disable-next-line rxjs-x/no-redundant-notify -- that is what is wrong with it
        out.next('bye')
      },
    }),
  )

const writesLate: Make = () => (in$, connection: Connection) =>
  concat(
    in$,
    of('bye').pipe(
      tap(() => {
        connection.end()
        connection.write(Buffer.from('late'))
      }),
    ),
  )

const remembers: Make = () => {
  let count = 0
  return map((line) => `${line}${String(count++)}`)
}

const chunky: Make = () => (in$, connection) => in$.pipe(map(() => String(connection.figures.bytesRead)))

const throws: Make = () =>
  map((line) => {
    if (line === '') throw new Error('no empty line was expected')
    return line
  })

const ticks: Make = (clock) => (in$) =>
  new Observable((out) => {
    clock.schedule(() => undefined, 36_000_000)
    return in$.subscribe(out)
  })

describe('the law kit catches a handler that', () => {
  it.each<[string, Make, string, string[]]>([
    ['answers after the end [R8]', answersLate, 'R8', ["it had ended, and said 'bye'", 'run  FIN']],
    ['writes after the end, past its output [R8]', writesLate, 'R8', ['it had ended, and sent', 'run  FIN']],
    ['hangs on FIN [R13]', () => (in$) => merge(in$, NEVER), 'R13', ['it never ends', 'then   FIN']],
    ['ignores saturation [R7]', (clock) => observeOn(clock), 'R7', ['overflowed', 'nobody reads the answers']],
    ['has all its work in flight at once [R7]', (clock) => mergeMap((line) => of(line).pipe(delay(1, clock))), 'R7', ['overflowed']],
    ['is told by chunks [R4]', chunky, 'R4', ['its answers differ', 'bytes  0a | 0a', 'out    "2\\n2\\n"   in one chunk', 'out    "1\\n2\\n"   cut as above']],
    ['remembers from one connection to the next [R26]', remembers, 'R26', ['its answers differ', 'bytes  0a\n', 'out    "0\\n"   alone', 'out    "1\\n"   beside another']],
    ['throws at a message [R12]', throws, 'R12', ['it failed: handler failed: no empty line was expected']],
    ['says what cannot be sent [R12]', () => map((line) => `${line}\n${line}`), 'R12', ['it sent what cannot be']],
    ['leaves a timer behind [R14]', ticks, 'R14', ['1 of its timers are still set', 'then   this side unsubscribes']],
  ])('%s', async (_what, make, rule, said) => {
    const found = await failures(make, rule)
    expect([...found.keys()]).toContain(rule)
    for (const part of said) expect(found.get(rule)).toContain(part)
  }) // prettier-ignore

  it('and nothing else where one thing is wrong', async () => {
    expect([...(await failures(remembers)).keys()]).toEqual(['R26'])
    expect([...(await failures(chunky)).keys()]).toEqual(['R4'])
  })

  it('does not blame one for what it is said to do [R26]', async () => {
    const options = { message, runs: 10, shares: true }
    for (const law of handlerLaws(lines(), remembers, options)) await law.run()
  })
})
