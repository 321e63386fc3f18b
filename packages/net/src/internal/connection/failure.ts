import type { Cause } from '../../errors.ts'
import { ConnectionLost } from '../../errors.ts'

/**
 * The error that the event `Failed` carries, or `null` where the end is no failure: see `ConnectionEvent` for the
 * table.
 */
export const failureOf = (cause: Cause): Error | null => {
  switch (cause._tag) {
    case 'Finished':
    case 'ShutDown':
      return null
    case 'Aborted':
      return cause.reason === undefined ? null : errorOf(cause.reason, cause)
    case 'TimedOut':
    case 'Overflowed':
      return new ConnectionLost(cause)
    case 'Truncated':
    case 'Reset':
    case 'ProtocolFailed':
    case 'HandlerFailed':
    case 'ConnectFailed':
    case 'TlsFailed':
      return errorOf(cause.error, cause)
  }
}

const errorOf = (error: unknown, cause: Cause): Error => (error instanceof Error ? error : new ConnectionLost(cause))
