import type { Backoff } from '../../backoff.ts'
import type { Cause } from '../../errors.ts'
import { ConnectionLost } from '../../errors.ts'

/** What decides whether a request may be asked again. */
export interface Attempted {
  readonly idempotent: boolean
  readonly answered: boolean
  attempts: number
}

/** How long a request that was lost waits until it is asked again, and counts the attempt; `null`: it is not. */
export const retryIn = (policy: Backoff | null, asked: Attempted, cause: Cause): number | null => {
  if (policy === null || !asked.idempotent || asked.answered || asked.attempts >= policy.attempts) return null
  try {
    if (!policy.retryIf(new ConnectionLost(cause))) return null
    return policy.delayMs(++asked.attempts)
  } catch {
    // a policy that throws allows nothing
    return null
  }
}
