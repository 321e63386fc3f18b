export { addressSet, isIP, isIPv4, isIPv6 } from './addresses.ts'
export type { AddressSet } from './addresses.ts'
export { backoff } from './backoff.ts'
export type { Backoff, BackoffOptions, Jitter } from './backoff.ts'
export { fromIterable } from './bridges/fromIterable.ts'
export { fromReadable } from './bridges/fromReadable.ts'
export type { FromReadableOptions } from './bridges/fromReadable.ts'
export { iterate } from './bridges/iterate.ts'
export type { IterateOptions } from './bridges/iterate.ts'
export { StreamFailed } from './bridges/streamFailed.ts'
export { toDuplex } from './bridges/toDuplex.ts'
export type { ToDuplexOptions } from './bridges/toDuplex.ts'
export { toWeb } from './bridges/toWeb.ts'
export type { WebStreams } from './bridges/toWeb.ts'
export { toWritable } from './bridges/toWritable.ts'
export type { ToWritableOptions } from './bridges/toWritable.ts'
export { writeAll } from './bridges/writeAll.ts'
export type { WriteAll } from './bridges/writeAll.ts'
export type { Clocks, WatchedClock } from './clocks.ts'
export type {
  Closed,
  Connection,
  ConnectionEvent,
  ConnectionOptions,
  Endpoint,
  FullPolicy,
  InvalidMessages,
  Lookup,
  Secured,
  TlsFacts,
} from './connection.ts'
export { connect } from './connect.ts'
export type { ConnectOptions } from './connectOptions.ts'
export {
  AlreadySubscribed,
  BuffersFull,
  ConnectFailed,
  ConnectionLost,
  ListenFailed,
  NotWritable,
  OutOfDescriptors,
  PlaintextBeforeTls,
  QueueFull,
  ServingFailed,
  showCause,
  TlsFailed,
  WriterFull,
} from './errors.ts'
export type { Cause, Clock, Figures, TlsFailure, WriteError } from './errors.ts'
export { fromDuplex } from './fromDuplex.ts'
export { createGate, currentGate } from './gate.ts'
export type { Gate, Gated } from './gate.ts'
export type { Handler } from './handler.ts'
export { showEndpoint } from './internal/transport/address.ts'
export type { MapAsyncOptions } from './internal/operators/inFlight.ts'
export type {
  JsonRpcBatchCall,
  JsonRpcCallOptions,
  JsonRpcClient,
  JsonRpcClientOptions,
} from './jsonRpc/jsonRpcCalls.ts'
export { jsonRpcClient } from './jsonRpc/jsonRpcClient.ts'
export { JsonRpcError } from './jsonRpc/jsonRpcError.ts'
export { jsonRpcMethod } from './jsonRpc/jsonRpcMethod.ts'
export type { JsonRpcCall, JsonRpcMethod } from './jsonRpc/jsonRpcMethod.ts'
export { jsonRpcServer } from './jsonRpc/jsonRpcServer.ts'
export type { JsonRpcServerOptions } from './jsonRpc/jsonRpcServer.ts'
export { listen } from './listen.ts'
export type { Goodbye, ListenAddress, ListenOptions } from './listenOptions.ts'
export type {
  DrainOptions,
  DrainReport,
  Listener,
  ListenerCounts,
  ListenerEvent,
  RefusalReason,
  SuspendReason,
} from './listener.ts'
export type {
  Network,
  NetworkArrivals,
  NetworkBinding,
  NetworkDialled,
  NetworkPlace,
  Transport,
  TransportSink,
  Upgrade,
} from './network.ts'
export { clocks } from './operators/clocks.ts'
export { decode } from './operators/decode.ts'
export { heartbeat } from './operators/heartbeat.ts'
export type { HeartbeatOptions } from './operators/heartbeat.ts'
export { limitInFlight } from './operators/limitInFlight.ts'
export type { LimitInFlightOptions } from './operators/limitInFlight.ts'
export { mapAsync } from './operators/mapAsync.ts'
export { mapAsyncUnordered } from './operators/mapAsyncUnordered.ts'
export { proxyTo } from './operators/proxyTo.ts'
export type { ProxyReport, ProxyTarget } from './operators/proxyTo.ts'
export { reconnect } from './operators/reconnect.ts'
export type { ReconnectOptions } from './operators/reconnect.ts'
export type { ReconnectEvent } from './reconnectEvent.ts'
export { requestUntilClose } from './operators/requestUntilClose.ts'
export { takeUntilClosed } from './operators/takeUntilClosed.ts'
export type { TakeUntilClosedOptions } from './operators/takeUntilClosed.ts'
export { throttleBytes } from './operators/throttleBytes.ts'
export type { ThrottleBytesOptions } from './operators/throttleBytes.ts'
export { throttleMessages } from './operators/throttleMessages.ts'
export type { ThrottleMessagesOptions } from './operators/throttleMessages.ts'
export { whenRemoteEnded } from './operators/whenRemoteEnded.ts'
export { writeTo } from './operators/writeTo.ts'
export type { WriteBytesOptions, WriteTo, WriteToOptions } from './operators/writeTo.ts'
export { ProxyHeaderFailed } from './proxyAccept.ts'
export type { Proxied, ProxyAcceptOptions, ProxyRefusal } from './proxyAccept.ts'
export type { ProxyAnnouncement, ProxyHeader } from './proxyAnnouncement.ts'
export { proxyHeader, sendProxyHeader } from './proxyHeader.ts'
export { proxyProtocol } from './proxyProtocol.ts'
export type { ProxyProtocolOptions } from './proxyProtocol.ts'
export type { ProxySsl, ProxySslText, ProxySslTlv, ProxyTlv, ProxyUnknownTlv } from './proxyTlv.ts'
export { answer } from './requests/answer.ts'
export type { AnswerOptions, Answering } from './requests/answer.ts'
export { client } from './requests/client.ts'
export type { Client, CloseOptions } from './requests/client.ts'
export type { ClientOptions, RequestOptions } from './requests/clientOptions.ts'
export { correlated } from './requests/correlated.ts'
export type { CorrelatedOptions } from './requests/correlated.ts'
export type { Mode } from './requests/mode.ts'
export { pipelined } from './requests/pipelined.ts'
export type { PipelinedOptions } from './requests/pipelined.ts'
export { pool } from './requests/pool.ts'
export type { HealthCheck, PoolOptions } from './requests/pool.ts'
export {
  ClientClosed,
  RequestCancelled,
  RequestLost,
  RequestNotEncodable,
  RequestTimedOut,
  UnexpectedAnswer,
  Unhealthy,
  WindowFull,
} from './requests/requestErrors.ts'
export type { RequestError } from './requests/requestErrors.ts'
export { streaming } from './requests/streaming.ts'
export type { StreamingOptions } from './requests/streaming.ts'
export { runServer } from './runServer.ts'
export type { RunServerOptions } from './runServerOptions.ts'
export { serve } from './serve.ts'
export type { Session } from './serve.ts'
export type { ServerEvent, ServerOutcome, StopReason } from './serverEvent.ts'
export { speak } from './speak.ts'
export type { InvalidPolicy, SpeakEitherOptions, SpeakOptions } from './speakOptions.ts'
export { switchTo } from './switchTo.ts'
export { tlsAcceptor } from './tlsAcceptor.ts'
export type { TlsAcceptor } from './tlsAcceptor.ts'
export type { TlsConnectOptions, TlsPsk } from './tlsConnectOptions.ts'
export type { TlsContextOptions } from './tlsContextOptions.ts'
export type { TlsListenOptions } from './tlsListenOptions.ts'
export type { Awaitable, TlsOffer, TlsServerOptions, TlsSessionStore, TlsSniCallback } from './tlsServerOptions.ts'
export type { TlsUpgradeCommon, TlsUpgradeOptions } from './tlsUpgradeOptions.ts'
export { tokenBucket } from './tokenBucket.ts'
export type { Rate, TokenBucket } from './rate.ts'
export { upgradeTls } from './upgradeTls.ts'
