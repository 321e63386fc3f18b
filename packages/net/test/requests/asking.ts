import * as E from 'fp-ts/lib/Either.js'
import type { Subscription } from 'rxjs'
import type { Client, RequestError } from '../../src/index.ts'
import type { Peer } from './peer.ts'
import type { How } from './schedule.ts'

/** One asker: what it asked, and all it was told. */
export class Asking {
  readonly name: string
  readonly how: How
  /** Everything it was told, in order. */
  readonly told: string[] = []
  readonly peers: Peer[] = []
  error: RequestError | null = null
  left = false
  aborted = false
  readonly #subscription: Subscription | null = null

  constructor(client: Client<string, string, string>, name: string, how: How, signals: readonly AbortController[]) {
    this.name = name
    this.how = how
    const signal = how.signal === null ? undefined : signals[how.signal]?.signal
    signal?.addEventListener('abort', () => (this.aborted = true))
    this.aborted = signal?.aborted === true
    const options = {
      timeoutMs: how.timeoutMs,
      idempotent: how.idempotent,
      ...(signal === undefined ? {} : { signal }),
    }
    if (how.stream) {
      this.#subscription = client.request$(name, options).subscribe({
        next: (answer) => this.told.push(`answer ${answer}`),
        error: (error: unknown) => {
          this.#failed(error as RequestError)
        },
        complete: () => this.told.push('done'),
      })
      return
    }
    void client
      .request(name, options)()
      .then((result) => {
        if (E.isLeft(result)) this.#failed(result.left)
        else this.told.push(`answer ${result.right}`, 'done')
      })
  }

  /** Whether it still waits. */
  get open(): boolean {
    return this.end === '?'
  }

  /** What it came to. */
  get end(): string {
    const last = this.told.at(-1)
    if (this.left) return 'left'
    if (last === 'done') return 'answered'
    return this.error === null ? '?' : this.error._tag
  }

  leave(): void {
    if (this.#subscription === null || !this.open) return
    this.left = true
    this.#subscription.unsubscribe()
    this.told.push('left')
  }

  heardBy(peer: Peer): void {
    this.peers.push(peer)
  }

  #failed(error: RequestError): void {
    this.error = error
    this.told.push(error._tag)
  }
}
