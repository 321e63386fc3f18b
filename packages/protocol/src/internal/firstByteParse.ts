import type { Among } from '../framing/among.ts'
import type { EndResult, StepResult } from '../framing/step.ts'
import { fail, frame, more, refuse } from '../framing/step.ts'
import type { Parse } from './parseDecoder.ts'
import { endedWith, shifted } from './shifted.ts'
import { Turn } from './turn.ts'

/** What is said of a first byte that chooses nothing. */
export const NO_PROTOCOL = 'a first byte that no protocol begins with'

/** One frame, of the protocol that its first byte chooses. */
export class FirstByteParse<M> implements Parse<M> {
  readonly #turns: ReadonlyMap<string, Turn<unknown>>
  readonly #pick: (byte: number) => string | null
  readonly #tagged: (key: string, message: unknown) => M
  #key = ''
  #turn: Turn<unknown> | undefined

  constructor(among: Among, pick: (byte: number) => string | null, tagged: (key: string, message: unknown) => M) {
    this.#turns = new Map(Object.entries(among).map(([key, protocol]) => [key, new Turn(protocol)]))
    this.#pick = pick
    this.#tagged = tagged
  }

  reset(): void {
    this.#turn?.reset()
    this.#turn = undefined
  }

  resume(bytes: Uint8Array, offset: number): StepResult<M> {
    if (this.#turn === undefined) {
      this.#key = this.#pick(bytes[0] ?? 0) ?? ''
      this.#turn = this.#turns.get(this.#key)
      if (this.#turn === undefined) return fail(NO_PROTOCOL, 0)
    }
    const taken = this.#turn.take(bytes)
    if (taken._tag === 'Waiting') return more(0, 'frame')
    if (taken._tag === 'Error') return refuse(shifted(taken.error, offset))
    return frame(this.#tagged(this.#key, taken.message), taken.length)
  }

  end(bytes: Uint8Array, offset: number): EndResult<M> {
    const taken = this.#turn?.end()
    if (taken?._tag === 'Message') return { _tag: 'Frame', message: this.#tagged(this.#key, taken.message) }
    if (taken?._tag === 'Error') return endedWith(taken.error, bytes, offset, 0)
    return { _tag: bytes.length === 0 ? 'Nothing' : 'Truncated' }
  }
}
