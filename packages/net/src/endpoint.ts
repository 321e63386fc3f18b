/** One end of a connection. `family` is `unix` for a path, `other` for a lifted stream. */
export interface Endpoint {
  readonly family: 'IPv4' | 'IPv6' | 'unix' | 'other'
  /** The address, or the path of a Unix socket. */
  readonly address: string
  /** Only for TCP. */
  readonly port?: number | undefined
}
