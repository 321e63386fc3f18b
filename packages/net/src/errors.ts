import type { DecodeError, EncodeError, Truncated } from '@sluice/protocol'
import type { PeerCertificate } from 'node:tls'

/** A wait that has a deadline of its own (R21). */
export type Clock =
  'connect' | 'handshake' | 'silence' | 'frame' | 'writeProgress' | 'halfClosed' | 'linger' | 'consumer' | 'heartbeat'

/**
 * Why a connection is over: one of a closed union, always exactly one (R10).
 *
 * | `_tag` | what happened | whose doing |
 * |---|---|---|
 * | `Finished` | both sides ended, at a frame border | both |
 * | `Truncated` | the peer ended inside a frame | remote |
 * | `Reset` | the peer, or the way to it, broke the connection | remote |
 * | `TimedOut` | a clock ran out: `clock` says which | remote |
 * | `ProtocolFailed` | bytes no frame is made of, or a message no bytes are made of | `error.fault` |
 * | `HandlerFailed` | the handler threw, or its output failed | local |
 * | `Overflowed` | the peer did not read, and what waits for it is over `limit` bytes | remote |
 * | `Aborted` | this side called `abort`, or unsubscribed | local |
 * | `ShutDown` | the listener was drained or closed | local |
 * | `ConnectFailed` | there never was a connection | remote |
 * | `TlsFailed` | the handshake failed | either |
 */
export type Cause =
  | { readonly _tag: 'Finished' }
  | { readonly _tag: 'Truncated'; readonly error: Truncated }
  | { readonly _tag: 'Reset'; readonly error: Error }
  | { readonly _tag: 'TimedOut'; readonly clock: Clock; readonly afterMs: number }
  | { readonly _tag: 'ProtocolFailed'; readonly error: DecodeError | EncodeError }
  | { readonly _tag: 'HandlerFailed'; readonly error: unknown }
  | { readonly _tag: 'Overflowed'; readonly limit: number; readonly unsentBytes: number }
  | { readonly _tag: 'Aborted'; readonly reason: unknown }
  | { readonly _tag: 'ShutDown' }
  | { readonly _tag: 'ConnectFailed'; readonly error: Error }
  | { readonly _tag: 'TlsFailed'; readonly error: Error }

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A cause as a person reads it, on one line. */
export const showCause = (cause: Cause): string => {
  switch (cause._tag) {
    case 'Finished':
      return 'finished'
    case 'Truncated':
      return `truncated: ${cause.error.message}`
    case 'Reset':
      return `reset by the peer: ${cause.error.message}`
    case 'TimedOut':
      return `timed out: ${CLOCKS[cause.clock]} for ${String(cause.afterMs)} ms`
    case 'ProtocolFailed':
      return `protocol failed: ${cause.error.message}`
    case 'HandlerFailed':
      return `handler failed: ${reasonOf(cause.error)}`
    case 'Overflowed':
      return `overflowed: ${String(cause.unsentBytes)} bytes wait for a peer that does not read, over the limit of ${String(cause.limit)}`
    case 'Aborted':
      return cause.reason === undefined ? 'aborted' : `aborted: ${reasonOf(cause.reason)}`
    case 'ShutDown':
      return 'shut down'
    case 'ConnectFailed':
      return `connect failed: ${cause.error.message}`
    case 'TlsFailed':
      return `TLS failed: ${cause.error.message}`
  }
}

const CLOCKS: Readonly<Record<Clock, string>> = {
  connect: 'no answer to the connect',
  handshake: 'the TLS handshake was not done',
  silence: 'the peer sent nothing',
  frame: 'a frame was begun and not finished',
  writeProgress: 'the peer read nothing',
  halfClosed: 'this side had ended and the peer neither sent nor ended',
  linger: 'all was said and the peer did not end',
  consumer: 'this side took nothing of what the peer may send',
  heartbeat: 'no sign of life from the peer',
}

/** How a connection went, in bytes and time. */
export interface Figures {
  /** Bytes received, whether anybody took them or not. */
  readonly bytesRead: number
  /** Bytes handed to the kernel. That is not delivery: only an answer of the peer proves that. */
  readonly bytesWritten: number
  /** Bytes written by this side that never were handed to the kernel. */
  readonly bytesUnsent: number
  /** Bytes received that no message and no subscriber took. */
  readonly bytesUnread: number
  /** Messages dropped by the writer's policy (R7). */
  readonly dropped: number
  /** Frames that were no message, and were skipped or answered (R19). */
  readonly invalid: number
  /** From the first moment to the last, on a monotonic clock. */
  readonly durationMs: number
}

/** `connect` could not make a connection: refused, unreachable, no answer in time. Fault: remote. */
export class ConnectFailed extends Error {
  readonly _tag = 'ConnectFailed'
  /** The system's code of it, `ECONNREFUSED` …, or `TIMEOUT`, `ABORTED`, `SELF_CONNECT`. */
  readonly code: string
  readonly target: string

  constructor(target: string, code: string, message: string, cause?: unknown) {
    super(`cannot connect to ${target}: ${message}`, { cause })
    this.name = 'ConnectFailed'
    this.code = code
    this.target = target
  }
}

/**
 * Why TLS failed.
 *
 * | `why` | |
 * |---|---|
 * | `certificate` | a certificate was refused: the peer's by us, or ours by the peer |
 * | `protocol` | what came is no TLS, or none that both sides agree on |
 * | `closed` | the peer ended, or broke off, before the handshake was done |
 * | `timeout` | the handshake was not done in time |
 * | `callback` | a function among our own options failed |
 */
export type TlsFailure = 'certificate' | 'protocol' | 'closed' | 'timeout' | 'callback'

/**
 * There is no TLS with this peer. Fault: remote, only for `callback` local. The socket is destroyed; a
 * connection that stood already is aborted, with this as its cause.
 */
export class TlsFailed extends Error {
  readonly _tag = 'TlsFailed'
  readonly why: TlsFailure
  /**
   * What Node or OpenSSL call it: `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`,
   * `ERR_SSL_WRONG_VERSION_NUMBER`, `ECONNRESET` …, or `TIMEOUT`, `CALLBACK`, `ALREADY_TLS`.
   */
  readonly code: string
  /** The certificate the peer showed, as far as it could still be read. */
  readonly certificate: PeerCertificate | undefined

  constructor(
    why: TlsFailure,
    code: string,
    message: string,
    more: { readonly certificate?: PeerCertificate | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.name = 'TlsFailed'
    this.why = why
    this.code = code
    this.certificate = more.certificate
  }
}

/**
 * Bytes came in plain text behind the message that asks for TLS, from the peer or from somebody on the way:
 * taken for part of what TLS protects, they would be a forgery. Fault: remote. The connection is aborted,
 * with this as the error of its cause `TlsFailed`.
 */
export class PlaintextBeforeTls extends Error {
  readonly _tag = 'PlaintextBeforeTls'
  readonly bytes: number

  constructor(bytes: number) {
    super(`${String(bytes)} bytes in plain text came before TLS`)
    this.name = 'PlaintextBeforeTls'
    this.bytes = bytes
  }
}

/** `listen` could not bind: the address is in use, not ours, or not allowed. Fault: local. */
export class ListenFailed extends Error {
  readonly _tag = 'ListenFailed'
  /** The system's code of it: `EADDRINUSE`, `EACCES` … */
  readonly code: string
  readonly target: string

  constructor(target: string, code: string, message: string, cause: unknown) {
    super(`cannot listen on ${target}: ${message}`, { cause })
    this.name = 'ListenFailed'
    this.code = code
    this.target = target
  }
}

/**
 * A connection ended in the middle of what was going on: what `data$` and the input of a handler
 * fail with. `reason` says why. Fault: as the reason's. The connection is closed or closing.
 */
export class ConnectionLost extends Error {
  readonly _tag = 'ConnectionLost'
  readonly reason: Cause

  constructor(reason: Cause) {
    super(`the connection is lost: ${showCause(reason)}`, 'error' in reason ? { cause: reason.error } : undefined)
    this.name = 'ConnectionLost'
    this.reason = reason
  }
}

/**
 * A write after this side ended, or to a connection that is closed (R8). Fault: local. Nothing was
 * written and the connection goes on as it was.
 */
export class NotWritable extends Error {
  readonly _tag = 'NotWritable'
  readonly why: 'ended' | 'closed'

  constructor(why: 'ended' | 'closed') {
    super(why === 'ended' ? 'a write after this side ended its output' : 'a write to a connection that is closed')
    this.name = 'NotWritable'
    this.why = why
  }
}

/**
 * What waits for a peer that does not read is over its bound, and the policy is to put that peer out
 * (R7). Fault: remote. The connection was aborted with the cause `Overflowed`.
 */
export class WriterFull extends Error {
  readonly _tag = 'WriterFull'
  readonly limit: number
  readonly unsentBytes: number

  constructor(limit: number, unsentBytes: number) {
    super(`${String(unsentBytes)} bytes wait for a peer that does not read, over the limit of ${String(limit)}`)
    this.name = 'WriterFull'
    this.limit = limit
    this.unsentBytes = unsentBytes
  }
}

/** What a write may answer. */
export type WriteError = NotWritable | WriterFull

/**
 * A second subscriber to bytes that only one can have (R1). Fault: local. The first goes on unharmed;
 * who wants two puts `share()` between.
 */
export class AlreadySubscribed extends Error {
  readonly _tag = 'AlreadySubscribed'

  constructor() {
    super('the input of a connection has one subscriber at a time: put share() behind it to have more')
    this.name = 'AlreadySubscribed'
  }
}

/**
 * More than `limit` messages wait in an operator whose source has no gate to hold. Fault: local: such
 * a source is to be slowed down, or its messages dropped, before the operator.
 */
export class QueueFull extends Error {
  readonly _tag = 'QueueFull'
  readonly operator: string
  readonly limit: number

  constructor(operator: string, limit: number) {
    super(`${operator}: over ${String(limit)} messages wait, and their source cannot be held`)
    this.name = 'QueueFull'
    this.operator = operator
    this.limit = limit
  }
}

/**
 * The process has hardly any file descriptor left, so who comes is refused until there are. Fault: local,
 * or the system's limit. The listener goes on; told by the event `AcceptFailed`.
 */
export class OutOfDescriptors extends Error {
  readonly _tag = 'OutOfDescriptors'
  readonly code = 'EMFILE'
  readonly limit: number

  constructor(limit: number) {
    super(`of ${limit === Infinity ? 'the' : String(limit)} file descriptors hardly any is left`)
    this.name = 'OutOfDescriptors'
    this.limit = limit
  }
}

/**
 * All connections together hold more bytes than may wait, and it does not get better: this one held most.
 * The `reason` of the cause `Aborted` of that connection.
 */
export class BuffersFull extends Error {
  readonly _tag = 'BuffersFull'
  readonly limit: number
  readonly bufferedBytes: number

  constructor(limit: number, bufferedBytes: number) {
    super(`over ${String(limit)} bytes wait in all connections, ${String(bufferedBytes)} of them in this one`)
    this.name = 'BuffersFull'
    this.limit = limit
    this.bufferedBytes = bufferedBytes
  }
}

/** What a server does with its connections failed as a whole; `cause` is what it failed with. Fault: local. */
export class ServingFailed extends Error {
  readonly _tag = 'ServingFailed'

  constructor(cause: unknown) {
    super(`the server failed: ${reasonOf(cause)}`, { cause })
    this.name = 'ServingFailed'
  }
}
