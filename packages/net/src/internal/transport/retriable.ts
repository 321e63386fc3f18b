import { ConnectFailed, ConnectionLost, TlsFailed } from '../../errors.ts'

/** Whether it is one of the net's errors, and none that would only come again. */
export const isWorthRetrying = (error: unknown): boolean =>
  (error instanceof ConnectFailed || error instanceof ConnectionLost || error instanceof TlsFailed) &&
  !isFinal(error) &&
  !isFinal(error.cause)

/** This side wanted it, or a certificate was refused and will be again. */
const isFinal = (error: unknown): boolean => {
  if (error instanceof TlsFailed) return error.why === 'certificate' || error.why === 'callback'
  return error instanceof ConnectFailed && error.code === 'ABORTED'
}
