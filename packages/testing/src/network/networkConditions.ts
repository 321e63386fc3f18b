/** What the roads and the systems of a simulated network are like, where nothing is wrong. */
export interface NetworkConditions {
  /** How long a byte takes from one host to another. Default 1; within a host it is about 0.02. */
  readonly latencyMs?: number
  /** By up to how much that varies. Default 1. */
  readonly jitterMs?: number
  /** Default `Infinity`. */
  readonly bytesPerSecond?: number
  /** The most that a receiving system keeps for a program that does not read. Default 65,536. */
  readonly windowBytes?: number
  /** The most that a sending system takes off a program before it makes it wait. Default 65,536. */
  readonly sendBufferBytes?: number
  /** After what time without an answer a sender gives up. Default 924,600, as Linux does. */
  readonly giveUpMs?: number
  /** Whether what is sent is cut anew on its way. Default `random`. */
  readonly segments?: 'random' | 'whole'
}
