import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { expect } from 'vitest'
import type { DrainReport } from '../../src/index.ts'

/** Runs a drain, and checks that its report adds up: whoever was there, or came meanwhile, is in it once [R25]. */
export const reportOf = async (drain: TE.TaskEither<never, DrainReport>): Promise<DrainReport> => {
  const result = await drain()
  if (E.isLeft(result)) throw new Error('a drain never fails')
  const { live, arrived, finished, aborted, refused, connections, durationMs } = result.right
  expect(finished + aborted + refused).toBe(live + arrived)
  expect(connections).toHaveLength(finished + aborted)
  expect(durationMs).toBeGreaterThanOrEqual(0)
  return result.right
}
