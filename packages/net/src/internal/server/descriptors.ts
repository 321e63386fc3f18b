import type { Socket } from 'node:net'
import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { OutOfDescriptors } from '../../errors.ts'
import { descriptorLimit, lowestFree, spareOf } from './descriptorLimit.ts'
import { quietly } from '../time/quietly.ts'

/** What {@link Descriptors} tells the listener. */
export interface DescriptorEvents {
  failed(error: OutOfDescriptors): void
  suspended(): void
  resumed(): void
}

const LOOK_MS = 1_000
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1_000

/**
 * Finds out that the process runs out of descriptors before the system does. Node says nothing when
 * accept fails for that: libuv accepts with a spare descriptor and closes at once (FAULTS 0.10).
 *
 * ```
 *  0 .................................. limit - spare .............. limit
 *        accepted here: let in                  accepted here: refused
 * ```
 *
 * The system always gives the lowest free number, so that of an accepted socket tells. Once a second, and
 * where a socket has no number, a descriptor is opened for a look. Then all are refused until a look, after
 * 50 ms, and twice as long each time up to a second, finds room.
 */
export class Descriptors {
  readonly #scheduler: SchedulerLike
  readonly #events: DescriptorEvents
  #limit = 0
  #line = Infinity
  #short = false
  /** Whether this wait has told of a failure already. */
  #told = false
  #waitMs = FIRST_WAIT_MS
  #timer: Unsubscribable | null = null

  /** `counts`: whether connections are descriptors at all; on another network than the machine's they are none. */
  constructor(scheduler: SchedulerLike, events: DescriptorEvents, counts = true) {
    this.#scheduler = scheduler
    this.#events = events
    if (!counts) return
    this.#measure()
    this.#wait(LOOK_MS)
  }

  get short(): boolean {
    return this.#short
  }

  /** Whether this socket, just accepted, has one of the last descriptors. */
  takes(socket: Socket): boolean {
    if (!this.#short && descriptorOf(socket) < this.#line) return false
    this.#trip()
    return true
  }

  stop(): void {
    this.#timer?.unsubscribe()
    this.#timer = null
  }

  #measure(): void {
    this.#limit = descriptorLimit()
    this.#line = this.#limit - spareOf(this.#limit)
  }

  #trip(): void {
    if (!this.#told) {
      this.#told = true
      this.#events.failed(new OutOfDescriptors(this.#limit))
    }
    if (this.#short) return
    this.#short = true
    this.#waitMs = FIRST_WAIT_MS
    this.#wait(this.#waitMs)
    this.#events.suspended()
  }

  #wait(ms: number): void {
    this.stop()
    this.#timer = quietly(this.#scheduler, ms, () => {
      this.#look()
    })
  }

  #look(): void {
    this.#measure()
    this.#told = false
    const room = (lowestFree() ?? 0) < this.#line
    if (!this.#short) {
      if (room) this.#wait(LOOK_MS)
      else this.#trip()
    } else if (room) {
      this.#short = false
      this.#wait(LOOK_MS)
      this.#events.resumed()
    } else {
      this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS)
      this.#wait(this.#waitMs)
    }
  }
}

/** Its number; below all lines where it has none (Windows, other runtimes): there the looks have to do. */
const descriptorOf = (socket: Socket): number => {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (typeof handle !== 'object' || handle === null) return -1
  const descriptor: unknown = Reflect.get(handle, 'fd')
  return typeof descriptor === 'number' ? descriptor : -1
}
