import type { Clock } from './errors.ts'

/** A clock that watches a connection while it is open. */
export type WatchedClock = Exclude<Clock, 'connect' | 'handshake' | 'heartbeat'>

/**
 * The clocks of a connection (R21). Each waits for something of its own; `Infinity` turns it off.
 *
 * | clock | runs while | since |
 * |---|---|---|
 * | silence | somebody reads and bytes flow | the last byte |
 * | frame | bytes flow and a frame is unfinished | its first byte |
 * | writeProgress | bytes wait | the last one that left |
 * | halfClosed | our side has ended, and we do not keep the peer from ending | the last byte, or our end |
 * | linger | our side has ended, and what still comes is for nobody | our end, or when that was so |
 * | consumer | a gate is held, or nobody reads | our consumer took something last |
 *
 * They are options of `connect`, `listen` and `fromDuplex`; of `speak` and `serve`, for a conversation; the operator
 * `clocks` gives them to every connection of a stream, and `connection.setClocks` to one that is open. What is not
 * named stays as it was, and what is named counts from then at the earliest.
 *
 * A clock that runs out ends the connection (`TimedOut`, with that clock), or only tells: see `onExpiry`.
 */
export interface Clocks {
  /** The peer sends nothing while we read. Default: off. */
  readonly silenceMs?: number
  /** A frame is begun and not finished. Default 30,000. */
  readonly frameMs?: number
  /** Bytes wait and the peer takes none of them. Default 30,000. */
  readonly writeProgressMs?: number
  /** This side has ended, the peer neither sends nor ends, and we do not keep it from that. Default 30,000. */
  readonly halfClosedMs?: number
  /** All is said and what still comes is for nobody; the peer does not end. Default 5,000. */
  readonly lingerMs?: number
  /**
   * We do not take what the peer may send: a gate is held, by a full sink or by `pause`, or nobody reads. Default:
   * off; but a connection that nobody ever used, neither to read, to write nor to speak, is ended after 60,000.
   */
  readonly consumerMs?: number
  /** How often a paused or half-closed TCP connection is asked whether it still lives. Default 10,000. */
  readonly probeMs?: number
  /**
   * What a clock that runs out does. `end` (default): the connection is over. `event`: the event `Idle`, and the
   * clock starts anew, so that it is told every so many milliseconds while the wait lasts. That is what
   * `setTimeout` of a Node socket does, for each of the waits.
   */
  readonly onExpiry?: Readonly<Partial<Record<WatchedClock, 'end' | 'event'>>>
}
