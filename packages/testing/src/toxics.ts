/** From the client to the target, or from the target to the client. */
export type Direction = 'upstream' | 'downstream'

/**
 * What is done when a limit is reached.
 *
 * | action | what |
 * |---|---|
 * | `close` | both connections are closed gently |
 * | `halfClose` | a FIN in this direction, and nothing behind it; the other direction goes on |
 * | `reset` | both connections are reset |
 * | `swallow` | nothing passes any more in this direction, no FIN either, and nobody is told: a cut cable |
 */
export type LimitAction = 'close' | 'halfClose' | 'reset' | 'swallow'

/**
 * What befalls the bytes of one direction. What is left out does not.
 *
 * ```
 *  in ──▶ swallow ──▶ limit ──▶ latency ± jitter ──▶ slice ──▶ bandwidth ──▶ out
 *  FIN ─────────────────────▶ latency ± jitter ──▶ slowClose ────────────▶ FIN
 * ```
 *
 * | here | as Toxiproxy has it |
 * |---|---|
 * | `latencyMs`, `jitterMs` | latency |
 * | `bytesPerSecond` | bandwidth |
 * | `slice` | slicer |
 * | `limit` | limit_data (`close`) |
 * | `swallowMs` | timeout |
 * | `resetMs` | reset_peer |
 * | `slowCloseMs` | slow_close |
 * | `toxicity` | toxicity |
 */
export interface Toxics {
  /** How late everything is. Default 0. */
  readonly latencyMs?: number
  /** By how much that goes up and down, chunk by chunk; the order is kept. At most `latencyMs`. Default 0. */
  readonly jitterMs?: number
  /** How fast bytes pass. Default `Infinity`. */
  readonly bytesPerSecond?: number
  /** Cuts bytes into small parts that leave one by one. */
  readonly slice?: {
    readonly averageBytes: number
    /** By how much a part may be smaller or larger; less than `averageBytes`. Default 0. */
    readonly variationBytes?: number
    /** The pause after each part. Default 0: a turn of the event loop. */
    readonly delayMs?: number
  }
  /** Lets so many bytes of a connection pass, and then acts, at once where they have passed already. */
  readonly limit?: { readonly bytes: number; readonly then: LimitAction }
  /**
   * Nothing passes, no FIN either; so long after, both connections are closed. `Infinity`: never. Taken away, it
   * closes those of which something was swallowed: there is a hole in their stream.
   */
  readonly swallowMs?: number
  /** So long after the connection began, or after this was set, both sides are reset. 0: at once. */
  readonly resetMs?: number
  /** How much later than the bytes the FIN passes. `Infinity`: never. Default 0. */
  readonly slowCloseMs?: number
  /** Which part of the connections is concerned, from 0 to 1, drawn for each of them. Default 1: all. */
  readonly toxicity?: number
}
