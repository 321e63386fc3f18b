import type { Connection } from '../../src/index.ts'
import { fromDuplex } from '../../src/index.ts'
import { memoryPair } from '../support/memoryPair.ts'
import type { VirtualClock } from '../support/virtualClock.ts'

/** A request as the peer has heard it, `q7`, with its id where it has one. */
interface Heard {
  readonly name: string
  readonly prefix: string
}

/** The peer of one connection in memory. Requests are lines: `q7`, or `3 q7`; answers `a q7` or `3 a q7`, parts with `…`. */
export class Peer {
  readonly connection: Connection
  readonly heard: string[] = []
  unanswered: Heard[] = []
  /** Whether it may still say something, and whether the connection is over. */
  alive = true
  closed = false
  readonly #ordered: boolean
  readonly #near
  readonly #far
  #rest = ''

  /** `hears`: a request was heard. */
  constructor(clock: VirtualClock, ordered: boolean, hears: (name: string, peer: Peer) => void) {
    const [near, far] = memoryPair()
    this.#near = near
    this.#far = far
    this.#ordered = ordered
    far.on('error', () => undefined)
    far.on('data', (chunk: Buffer) => {
      const parts = (this.#rest + chunk.toString()).split('\n')
      this.#rest = parts.pop() ?? ''
      for (const line of parts) {
        const words = line.split(' ')
        const name = words.at(-1) ?? ''
        this.heard.push(name)
        this.unanswered.push({ name, prefix: words.length > 1 ? `${words[0] ?? ''} ` : '' })
        hears(name, this)
      }
    })
    far.on('end', () => {
      this.alive = false
      far.end()
    })
    this.connection = fromDuplex(near, { scheduler: clock })
  }

  /** Answers one of those it has heard; where order counts, the first. */
  answer(of: number, part: boolean): void {
    const at = this.#ordered ? 0 : of % Math.max(1, this.unanswered.length)
    const one = this.unanswered[at]
    if (one === undefined || !this.alive) return
    if (!part) this.unanswered.splice(at, 1)
    this.#far.write(`${one.prefix}a ${one.name}${part ? '…' : ''}\n`)
  }

  push(): void {
    if (this.alive) this.#far.write('!\n')
  }

  end(): void {
    this.alive = false
    this.#far.end()
  }

  lose(): void {
    this.alive = false
    this.#near.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))
  }

  giveBack(): void {
    this.alive = false
    this.connection.abort()
    this.#far.destroy()
  }
}
