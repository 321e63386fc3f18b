import type { Cursor, Readers, ReadRequest, Reading } from '../framing/readers.ts'
import { readers } from '../framing/readers.ts'
import type { NoFrame, StepResult } from '../framing/step.ts'
import { fail, frame, more, need } from '../framing/step.ts'
import type { Parse } from './parseDecoder.ts'

/** Runs a generator that reads one frame, and keeps it where it waits. */
export class FramedParse<A> implements Parse<A> {
  readonly #read: (readers: Readers) => Reading<A>
  #reading: Reading<A> | null = null
  /** What the generator waits for. */
  #request: ReadRequest | null = null
  /** Where the part that it waits for begins, and up to where it was looked through. */
  #at = 0
  #scanned = 0

  constructor(read: (readers: Readers) => Reading<A>) {
    this.#read = read
  }

  reset(): void {
    this.#reading = this.#request = null
    this.#at = this.#scanned = 0
  }

  resume(bytes: Uint8Array): StepResult<A> {
    if (this.#reading === null) this.reset()
    const reading = this.#reading ?? this.#read(readers)
    // one that throws is not to be resumed
    this.#reading = null
    let request = this.#request
    for (;;) {
      let next: IteratorResult<ReadRequest, A>
      if (request === null) next = reading.next(...FIRST)
      else {
        const found = this.#find(request, bytes)
        if ('_tag' in found) {
          this.#request = request
          this.#reading = reading
          return found
        }
        next = reading.next(found)
      }
      if (next.done === true) return this.#at === 0 ? fail('a frame of no bytes', 0) : frame(next.value, this.#at)
      request = next.value
    }
  }

  /** The part that is asked for, and moves behind it; or why it is not there. */
  #find(request: ReadRequest, bytes: Uint8Array): Cursor | NoFrame {
    switch (request._tag) {
      case 'Bytes':
        return this.#bytes(request, bytes)
      case 'Until': {
        const found = bytes.indexOf(request.byte, Math.max(this.#at, this.#scanned))
        if (found !== -1) return this.#pass(bytes, found, found + 1)
        this.#scanned = bytes.length
        return more(0, request.phase)
      }
      case 'Literal':
        return this.#literal(request.bytes, bytes, request.phase)
      case 'Malformed':
        return fail(request.what, Math.max(0, this.#at - 1))
    }
  }

  #bytes(request: Extract<ReadRequest, { _tag: 'Bytes' }>, bytes: Uint8Array): Cursor | NoFrame {
    const { count, phase, problem } = request
    if (!Number.isSafeInteger(count) || count < 0)
      return fail(`a length of ${String(count)}`, Math.max(0, this.#at - 1))
    const to = this.#at + count
    if (bytes.length < to) return need(to, phase)
    const wrong = problem?.(bytes, this.#at) ?? null
    return wrong === null ? this.#pass(bytes, to, to) : fail(wrong, this.#at)
  }

  #literal(wanted: Uint8Array, bytes: Uint8Array, phase: string): Cursor | NoFrame {
    const to = this.#at + wanted.length
    const here = Math.min(bytes.length, to)
    for (let at = Math.max(this.#at, this.#scanned); at < here; at++) {
      if (bytes[at] !== wanted[at - this.#at]) return fail('bytes other than the ones that belong there', at)
    }
    if (here === to) return this.#pass(bytes, to, to)
    this.#scanned = here
    return more(0, phase)
  }

  #pass(bytes: Uint8Array, to: number, next: number): Cursor {
    const from = this.#at
    this.#at = next
    return { bytes, from, to }
  }
}

/** A generator takes nothing the first time. */
const FIRST: [] = []
