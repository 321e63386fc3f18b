import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { filter, firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { CLOCKS, OurEnd } from './schedules/ends.ts'
import { judge } from './schedules/judge.ts'
import type { OurStep, Schedule } from './schedules/schedule.ts'
import { schedule } from './schedules/schedule.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { tlsPair } from './support/tls.ts'

nothingLeft()

/** Plays a schedule on a TLS connection whose ends are both ours, and judges each. */
const play = async ({ first, second, accepted, steps, last }: Schedule): Promise<readonly string[]> => {
  const { client, server } = await tlsPair({}, undefined, CLOCKS)
  const [one, other] = accepted ? [server, client] : [client, server]
  const ends = [new OurEnd(one, first === 'spoken'), new OurEnd(other, second === 'spoken')] as const
  if (first === 'raw') ends[0].did.add('raw')
  if (second === 'raw') ends[1].did.add('raw')
  for (const step of steps) {
    if (step.by === 'nobody') await turn()
    else ends[step.by === 'first' ? 0 : 1].do(step.does as OurStep)
  }
  ends[0].do(last[0])
  ends[1].do(last[1])
  const isClosed = filter(({ _tag }: { readonly _tag: string }) => _tag === 'Closed')
  await Promise.all(ends.map(async ({ connection }) => firstValueFrom(connection.events$.pipe(isClosed))))
  return ends.flatMap((end, i) => judge(end, { broke: ends[1 - i]?.closed?.cause._tag !== 'Finished' }))
}

describe('whatever both ends do over TLS, in any order', () => {
  it('the events obey their grammar, and every connection ends, for a reason there was [R10][R11][R21]', async () => {
    const ours = schedule.filter(({ second }) => second !== 'plain')
    const property = fc.asyncProperty(fc.array(ours, { minLength: 20, maxLength: 20 }), async (schedules) => {
      const wrong = await Promise.all(schedules.map(play))
      giveBack()
      expect(wrong.flat()).toEqual([])
    })
    await fc.assert(property, { numRuns: 8 })
  })
})
