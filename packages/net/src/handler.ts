import type { Observable } from 'rxjs'
import type { Connection } from './connection.ts'

/**
 * What one side of a conversation does: messages in, messages out. Any `OperatorFunction<In, Out>` is
 * one, and the same shape serves both ends of a connection.
 *
 * ```
 *  in$   ──a──b──c──|      the peer's FIN, at a frame border, completes it
 *  out$  ──A──B──C──|      its completion ends our side, after a flush (R9)
 * ```
 *
 * `in$` has one subscriber at a time. If it throws, or its output fails, that connection is aborted with
 * the cause `HandlerFailed`; no other is touched (R12).
 */
export type Handler<In, Out> = (in$: Observable<In>, connection: Connection) => Observable<Out>
