import type { Link } from './link.ts'
import type { Surroundings } from './surroundings.ts'
import type { Task } from './virtualTime.ts'

/** What travels: bytes, or a sign. */
export type SegmentKind = 'data' | 'fin' | 'rst'

interface Segment {
  readonly at: number
  readonly sentAt: number
  readonly kind: SegmentKind
  readonly bytes: Buffer
}

/** Who gets what a wire carries. */
export interface WireEnd {
  arrived(kind: SegmentKind, bytes: Buffer): void
}

/** Who has sent it. */
export interface WireStart {
  /** For so long nothing got through that it is given up. */
  gaveUp(): void
}

/** The first wait before something lost is sent again; each further one is twice as long. */
const FIRST_RETRY_MS = 200
const LONGEST_RETRY_MS = 120_000

/**
 * One direction of one connection: what is sent arrives, in order, once. Where the road is cut it is sent again and
 * again as TCP does, ever more rarely, so that after the repair it takes a while; and at last it is given up.
 */
export class Wire {
  readonly #surroundings: Surroundings
  readonly #link: Link
  readonly #start: WireStart
  readonly #end: WireEnd
  readonly #name: string
  #flight: Segment[] = []
  #next: Task | null = null
  #lastAt = 0
  #freeAt = 0
  #unstall: (() => void) | null = null
  #giveUp: Task | null = null
  #dead = false

  constructor(surroundings: Surroundings, link: Link, start: WireStart, end: WireEnd, name: string) {
    this.#surroundings = surroundings
    this.#link = link
    this.#start = start
    this.#end = end
    this.#name = name
  }

  get empty(): boolean {
    return this.#flight.length === 0
  }

  launch(kind: SegmentKind, bytes: Buffer): void {
    if (this.#dead) return
    const { time } = this.#surroundings
    const now = time.now()
    const departs = Math.max(now, this.#freeAt)
    this.#freeAt = bytes.length === 0 ? departs : departs + bytes.length / this.#link.bytesPerMs
    this.#lastAt = Math.max(this.#lastAt, this.#freeAt + this.#link.delay())
    this.#flight.push({ at: this.#lastAt, sentAt: now, kind, bytes })
    if (this.#next === null && this.#unstall === null) this.#wait(this.#lastAt)
  }

  /** Nobody sends any more, or nobody is there to send to: what is under way is lost. */
  cutOff(): void {
    this.#dead = true
    this.#flight = []
    this.#calm()
    if (this.#next !== null) this.#next.run = null
    this.#next = null
  }

  #wait(at: number): void {
    this.#next = this.#surroundings.time.after(at - this.#surroundings.time.now(), this.#arrive)
  }

  readonly #arrive = (): void => {
    this.#next = null
    const now = this.#surroundings.time.now()
    const segment = this.#flight[0]
    if (segment === undefined) return
    if (!this.#link.passes) {
      this.#stall(segment)
      return
    }
    this.#flight.shift()
    const following = this.#flight[0]
    if (following !== undefined) this.#wait(Math.max(now, following.at))
    const { kind, bytes } = segment
    this.#surroundings.journal.note(now, this.#name, kind, bytes.length, bytes)
    this.#end.arrived(kind, bytes)
  }

  #stall({ sentAt }: Segment): void {
    const { time } = this.#surroundings
    this.#giveUp = time.after(this.#surroundings.giveUpMs - (time.now() - sentAt), () => {
      this.cutOff()
      this.#start.gaveUp()
    })
    this.#unstall = this.#link.whenHealed(() => {
      this.#calm()
      this.#wait(nextRetry(sentAt, time.now()))
    })
  }

  #calm(): void {
    this.#unstall?.()
    this.#unstall = null
    if (this.#giveUp !== null) this.#giveUp.run = null
    this.#giveUp = null
  }
}

/** When something sent and lost is sent again next. */
const nextRetry = (sentAt: number, now: number): number => {
  let wait = FIRST_RETRY_MS
  let at = sentAt + wait
  while (at < now) {
    wait = Math.min(2 * wait, LONGEST_RETRY_MS)
    at += wait
  }
  return at
}
