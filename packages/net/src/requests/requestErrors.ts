import type { EncodeError } from '@sluice/protocol'
import type { Cause } from '../errors.ts'
import { showCause } from '../errors.ts'

/**
 * Why there is no answer: one of a closed union. Each says whether the request may have been `sent`: false is
 * certain, the peer has seen nothing of it, so that to ask again is safe whatever the request does.
 *
 * | `_tag` | what happened | `sent` |
 * |---|---|---|
 * | `RequestTimedOut` | no answer came in time, the time it had to wait included | either |
 * | `RequestCancelled` | its `signal` was aborted | either |
 * | `RequestLost` | the connection it was sent on is over, or there is none to be had: `reason` says why | either |
 * | `RequestNotEncodable` | no bytes are made of it | false |
 * | `WindowFull` | as many wait as may | false |
 * | `ClientClosed` | the client was closed | either |
 */
export type RequestError =
  RequestTimedOut | RequestCancelled | RequestLost | RequestNotEncodable | WindowFull | ClientClosed

const sentOrNot = (sent: boolean): string => (sent ? 'it was sent' : 'it was not sent')

/** No answer came in time. Fault: remote, where it was sent. The connection goes on; a late answer is dropped. */
export class RequestTimedOut extends Error {
  readonly _tag = 'RequestTimedOut'
  readonly sent: boolean
  readonly afterMs: number

  constructor(afterMs: number, sent: boolean) {
    super(`no answer within ${String(afterMs)} ms; ${sentOrNot(sent)}`)
    this.name = 'RequestTimedOut'
    this.afterMs = afterMs
    this.sent = sent
  }
}

/** Its signal was aborted, for the `reason` the signal has. Fault: local. The connection goes on. */
export class RequestCancelled extends Error {
  readonly _tag = 'RequestCancelled'
  readonly sent: boolean
  readonly reason: unknown

  constructor(reason: unknown, sent: boolean) {
    super(`the request was cancelled; ${sentOrNot(sent)}`, { cause: reason })
    this.name = 'RequestCancelled'
    this.reason = reason
    this.sent = sent
  }
}

/**
 * The connection is over and the answer did not come, or no connection could be made. Fault: as the reason's. The
 * client connects again for the next request.
 */
export class RequestLost extends Error {
  readonly _tag = 'RequestLost'
  readonly sent: boolean
  readonly reason: Cause

  constructor(reason: Cause, sent: boolean) {
    super(
      `the connection is lost: ${showCause(reason)}; ${sentOrNot(sent)}`,
      'error' in reason ? { cause: reason.error } : undefined,
    )
    this.name = 'RequestLost'
    this.reason = reason
    this.sent = sent
  }
}

/** What the protocol says about a request that it cannot send. Fault: local. Nothing of it left; all else goes on. */
export class RequestNotEncodable extends Error {
  readonly _tag = 'RequestNotEncodable'
  readonly sent = false
  readonly error: EncodeError

  constructor(error: EncodeError) {
    super(error.message, { cause: error })
    this.name = 'RequestNotEncodable'
    this.error = error
  }
}

/** As many requests are in flight as may, and `limit` wait already. Fault: local. */
export class WindowFull extends Error {
  readonly _tag = 'WindowFull'
  readonly sent = false
  readonly limit: number

  constructor(limit: number) {
    super(`as many requests are in flight as may, and the limit of those that wait is ${String(limit)}`)
    this.name = 'WindowFull'
    this.limit = limit
  }
}

/** The client was closed before the answer came, or before it was asked. Fault: local. */
export class ClientClosed extends Error {
  readonly _tag = 'ClientClosed'
  readonly sent: boolean

  constructor(sent: boolean) {
    super(`the client is closed; ${sentOrNot(sent)}`)
    this.name = 'ClientClosed'
    this.sent = sent
  }
}

/**
 * A message came that nothing was asked for, where only order tells whose answer is whose: from here on none could
 * be told. Fault: remote. The connection is aborted with the cause `HandlerFailed`, and this as its error.
 */
export class UnexpectedAnswer extends Error {
  readonly _tag = 'UnexpectedAnswer'
  readonly answer: unknown

  constructor(answer: unknown) {
    super('an answer came that nothing was asked for')
    this.name = 'UnexpectedAnswer'
    this.answer = answer
  }
}

/** A connection of a pool did not pass its health check. The `reason` of the cause `Aborted` of that connection. */
export class Unhealthy extends Error {
  readonly _tag = 'Unhealthy'

  constructor(cause: unknown) {
    super('the health check failed', { cause })
    this.name = 'Unhealthy'
  }
}
