import type { Asked } from './asked.ts'
import type { Owner, Places } from './places.ts'

/**
 * Answers come in the order of the requests. A request that nobody waits for keeps its place until its answer has
 * come, or all behind it would get the answer of the one before.
 *
 * ```
 *  sent      a   b   c          b timed out
 *  places  [ a   –   c ]
 *  answers   A   B   C          B is dropped
 * ```
 */
export class Order<Req, Res> implements Places<Req, Res, Req> {
  readonly #isPush: (message: Res) => boolean
  readonly #isLast: (answer: Res) => boolean
  readonly #queue: (Asked<Req, Res, Req> | null)[] = []
  /** The number of the first in the queue. */
  #first = 0
  last = true

  constructor(isPush: (message: Res) => boolean, isLast: (answer: Res) => boolean) {
    this.#isPush = isPush
    this.#isLast = isLast
  }

  get taken(): number {
    return this.#queue.length
  }

  get waiting(): readonly Asked<Req, Res, Req>[] {
    return this.#queue.filter((asked) => asked !== null)
  }

  room(window: number): boolean {
    return this.#queue.length < window
  }

  begin(asked: Asked<Req, Res, Req>, request: Req): Req {
    asked.key = this.#first + this.#queue.length
    this.#queue.push(asked)
    return request
  }

  undo(): void {
    this.#queue.pop()
  }

  leave(asked: Asked<Req, Res, Req>): undefined {
    this.#queue[asked.key - this.#first] = null
  }

  owner(message: Res): Owner<Req, Res, Req> {
    if (this.#isPush(message)) return 'push'
    const asked = this.#queue[0]
    if (asked === undefined) return 'unasked'
    this.last = this.#isLast(message)
    if (this.last) {
      this.#queue.shift()
      this.#first++
    }
    return asked ?? 'late'
  }
}
