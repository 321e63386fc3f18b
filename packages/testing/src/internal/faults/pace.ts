import type { LimitAction } from '../../toxics.ts'
import type { Random } from './random.ts'
import type { ToxicSettings } from './toxicSettings.ts'
import { HEALTHY } from './toxicSettings.ts'

/** Bytes; or, behind them, what is to be done. */
export interface Item {
  bytes: Uint8Array | null
  readonly then: LimitAction | 'end' | null
  readonly at: number
  /** Where in the range of the jitter it stands, from -1 to 1. */
  readonly sway: number
}

/** Pieces of a slowed-down stream are no longer than what passes in this time. */
const PIECE_MS = 20

/** When what waits in a lane may leave, and how much of it at a time. */
export class Pace {
  readonly #random: Random
  #settings: ToxicSettings = HEALTHY
  #notBefore = 0
  /** How many bytes of the first item leave next; 0: not chosen yet. */
  #piece = 0

  constructor(random: Random) {
    this.#random = random
  }

  set(settings: ToxicSettings): void {
    this.#settings = settings
    this.#piece = 0
  }

  /** Nothing waited until now: an idle lane saves nothing up. */
  idleUntil(now: number): void {
    this.#notBefore = Math.max(this.#notBefore, now)
  }

  /** When the next piece of this item, the first in its lane, may leave. */
  readyAt({ bytes, at, sway, then }: Item): number {
    const { latencyMs, jitterMs, bytesPerSecond, slowCloseMs } = this.#settings
    const due = Math.max(at + latencyMs + jitterMs * sway, this.#notBefore)
    if (bytes === null) return then === 'end' ? due + slowCloseMs : due
    if (this.#piece === 0) this.#piece = this.#choose(bytes.length)
    return due + (this.#piece * 1000) / bytesPerSecond
  }

  /** Takes that piece out, at its time. Answers how long it is. */
  take(readyAt: number): number {
    const bytes = this.#piece
    this.#piece = 0
    this.#notBefore = readyAt + (this.#settings.slice?.delayMs ?? 0)
    return bytes
  }

  #choose(most: number): number {
    const { slice, bytesPerSecond } = this.#settings
    const passes = Math.max(1, Math.floor((bytesPerSecond * PIECE_MS) / 1000))
    if (slice === null) return Math.min(most, passes)
    const swing = Math.round((this.#random() * 2 - 1) * slice.variationBytes)
    return Math.min(most, passes, Math.max(1, slice.averageBytes + swing))
  }
}
