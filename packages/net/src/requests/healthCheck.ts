/** How a `pool` finds out whether a connection that nobody uses is well. */
export interface HealthCheck<Req, Res> {
  readonly request: Req
  /** Whether this answer is that of a peer that is well. Default: any answer is. */
  readonly isHealthy?: (answer: Res) => boolean
  /** How long a connection is not used before it is asked, and then how often. Default 30,000. */
  readonly everyMs?: number
  /** How long the answer may take. Default 5,000. */
  readonly timeoutMs?: number
}
