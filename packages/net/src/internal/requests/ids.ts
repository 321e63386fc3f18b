import type { Asked } from './asked.ts'
import type { Owner, Places } from './places.ts'

/** What {@link Ids} goes by. */
export interface Identity<Req, Res, Out> {
  readonly idOf: (message: Res) => number | undefined
  readonly withId: (request: Req, id: number) => Out
  readonly cancel: ((id: number) => Out) | undefined
  readonly maxId: number
}

/** So many ids of requests that nobody waits for are kept from being given again. */
const MOST_LEFT = 65_536

/**
 * Answers come in any order and name their request. An id is not given again while its answer may still come.
 *
 * ```
 *  sent      1:a   2:b   3:c        1 timed out
 *  answers   3:C   1:A   2:B        1 is dropped
 * ```
 */
export class Ids<Req, Res, Out> implements Places<Req, Res, Out> {
  readonly #identity: Identity<Req, Res, Out>
  readonly #isLast: (answer: Res) => boolean
  readonly #asked = new Map<number, Asked<Req, Res, Out>>()
  /** The ids of those that were left, the oldest first. */
  readonly #left = new Set<number>()
  #lastId = 0
  last = true

  constructor(identity: Identity<Req, Res, Out>, isLast: (answer: Res) => boolean) {
    this.#identity = identity
    this.#isLast = isLast
  }

  get taken(): number {
    return this.#asked.size
  }

  get waiting(): readonly Asked<Req, Res, Out>[] {
    return [...this.#asked.values()]
  }

  room(window: number): boolean {
    return this.#asked.size < window && this.#asked.size + this.#left.size < this.#identity.maxId
  }

  begin(asked: Asked<Req, Res, Out>, request: Req): Out {
    const id = this.#freeId()
    const message = this.#identity.withId(request, id)
    asked.key = id
    this.#asked.set(id, asked)
    return message
  }

  undo(asked: Asked<Req, Res, Out>): void {
    this.#asked.delete(asked.key)
  }

  leave(asked: Asked<Req, Res, Out>): Out | undefined {
    this.#asked.delete(asked.key)
    this.#left.add(asked.key)
    // only where there are more ids than that: the oldest is not given again for long
    if (this.#left.size > MOST_LEFT) this.#forgetOldest()
    return this.#identity.cancel?.(asked.key)
  }

  owner(message: Res): Owner<Req, Res, Out> {
    const id = this.#identity.idOf(message)
    if (id === undefined) return 'push'
    const asked = this.#asked.get(id)
    this.last = this.#isLast(message)
    if (this.last) {
      this.#asked.delete(id)
      this.#left.delete(id)
    }
    return asked ?? 'late'
  }

  #forgetOldest(): void {
    for (const oldest of this.#left) {
      this.#left.delete(oldest)
      return
    }
  }

  #freeId(): number {
    do this.#lastId = this.#lastId >= this.#identity.maxId ? 1 : this.#lastId + 1
    while (this.#asked.has(this.#lastId) || this.#left.has(this.#lastId))
    return this.#lastId
  }
}
