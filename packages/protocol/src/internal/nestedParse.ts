import type { Branch, Element } from '../framing/element.ts'
import type { StepResult } from '../framing/step.ts'
import { fail, frame, more, need } from '../framing/step.ts'
import type { Parse } from './parseDecoder.ts'

/** The limits of `nested`, checked. */
export interface NestedLimits {
  readonly maxFrameBytes: number
  readonly maxDepth: number
  readonly maxElements: number
}

/** A branch whose children have not all come. */
interface Open<A> {
  readonly count: number
  readonly children: A[]
  readonly close: (children: ReadonlyArray<A>) => A
}

/** One tree, element by element, the open branches on a stack. */
export class NestedParse<A> implements Parse<A> {
  readonly #element: Element<A>
  readonly #limits: NestedLimits
  #stack: Array<Open<A>> = []
  /** Where the next element begins. */
  #at = 0
  #scanned = 0
  /** Elements that came or were announced, and those of them that have not come. */
  #elements = 1
  #awaited = 1

  constructor(element: Element<A>, limits: NestedLimits) {
    this.#element = element
    this.#limits = limits
  }

  reset(): void {
    this.#stack = []
    this.#at = this.#scanned = 0
    this.#elements = this.#awaited = 1
  }

  resume(bytes: Uint8Array): StepResult<A> {
    for (;;) {
      // an element is a byte at least: what is still to come may be too much already
      const least = this.#at + this.#awaited
      if (least > this.#limits.maxFrameBytes) return need(least, 'element')
      if (bytes.length <= this.#at) return need(this.#at + 1, 'element')
      const found = this.#element(bytes.subarray(this.#at), this.#scanned)
      switch (found._tag) {
        case 'Leaf': {
          this.#take(found.length)
          const tree = this.#put(found.value)
          if (tree !== null) return tree
          break
        }
        case 'Branch': {
          const tree = this.#open(found)
          if (tree !== null) return tree
          break
        }
        case 'Need':
          return need(this.#at + found.total, found.phase)
        case 'More':
          this.#scanned = found.scanned
          return more(0, found.phase)
        case 'Fail':
          return fail(found.what, this.#at + found.at)
        case 'Refuse':
          return found
      }
    }
  }

  #take(length: number): void {
    this.#at += length
    this.#scanned = 0
    this.#awaited--
  }

  /** Opens a branch; answers if that ends the frame, or breaks it. */
  #open(branch: Branch<A>): StepResult<A> | null {
    const { maxDepth, maxElements } = this.#limits
    const { count, length, close } = branch
    const last = this.#at + length - 1
    if (!Number.isSafeInteger(count) || count < 0) return fail('a count of elements that is no whole number', last)
    if (this.#elements + count > maxElements) return fail(`more than ${String(maxElements)} elements`, last)
    if (count > 0 && this.#stack.length >= maxDepth) return fail(`elements more than ${String(maxDepth)} deep`, last)
    this.#take(length)
    if (count === 0) return this.#put(close([]))
    this.#elements += count
    this.#awaited += count
    this.#stack.push({ count, children: [], close })
    return null
  }

  /** Puts a whole value where it belongs, and closes what is complete with it; answers with the tree if that is all. */
  #put(whole: A): StepResult<A> | null {
    let value = whole
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) {
      top.children.push(value)
      if (top.children.length < top.count) return null
      value = top.close(top.children)
      this.#stack.pop()
    }
    return frame(value, this.#at)
  }
}
