export type {
  Closed,
  Connection,
  ConnectionEvent,
  ConnectionOptions,
  Endpoint,
  FullPolicy,
  Lookup,
  Secured,
  TlsFacts,
} from './connection.ts'
export { connect } from './connect.ts'
export type { ConnectOptions } from './connect.ts'
export {
  AlreadySubscribed,
  ConnectFailed,
  ConnectionLost,
  ListenFailed,
  NotWritable,
  QueueFull,
  showCause,
  WriterFull,
} from './errors.ts'
export type { Cause, Clock, Figures, WriteError } from './errors.ts'
export { fromDuplex } from './fromDuplex.ts'
export { createGate, currentGate } from './gate.ts'
export type { Gate, Gated } from './gate.ts'
export type { Handler } from './handler.ts'
export { showEndpoint } from './internal/address.ts'
export type { MapAsyncOptions } from './internal/inFlight.ts'
export { listen } from './listen.ts'
export type { ListenOptions } from './listen.ts'
export type { DrainReport, Listener, ListenerEvent } from './listener.ts'
export { decode } from './operators/decode.ts'
export { mapAsync } from './operators/mapAsync.ts'
export { mapAsyncUnordered } from './operators/mapAsyncUnordered.ts'
export { writeTo } from './operators/writeTo.ts'
export type { WriteBytesOptions, WriteTo, WriteToOptions } from './operators/writeTo.ts'
export { serve } from './serve.ts'
export type { Session } from './serve.ts'
export { speak } from './speak.ts'
