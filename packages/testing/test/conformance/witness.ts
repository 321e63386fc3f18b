import type { Connection, ConnectionEvent } from '@sluice/net'
import type { Ground } from './grounds.ts'

/** The grammar of the events, as `ConnectionEvent` states it. */
const GRAMMAR = /^l?P?C(?!.*s.*s)(?!.*R.*[dR])(?!.*L.*L)(?!.*p[^r]*p)(?!.*r[^p]*r)[sdprwxiRL]*F?\.$/

const LETTERS: Readonly<Record<ConnectionEvent['_tag'], string>> = {
  Lookup: 'l',
  Proxied: 'P',
  Connected: 'C',
  Secured: 's',
  Data: 'd',
  Paused: 'p',
  Resumed: 'r',
  Drained: 'w',
  Dropped: 'x',
  Invalid: 'x',
  Idle: 'i',
  RemoteEnded: 'R',
  LocalEnded: 'L',
  Failed: 'F',
  Closed: '.',
}

/** Events as letters, and whether they obey. */
export class Spelling {
  text = ''

  get lawful(): boolean {
    return GRAMMAR.test(this.text)
  }

  add({ _tag }: ConnectionEvent): void {
    this.text += LETTERS[_tag]
  }
}

/** Hears all that happens to one end, and reads it if it is asked to. */
export class Witness {
  readonly connection: Connection
  readonly events: ConnectionEvent[] = []
  readonly #ground: Ground
  readonly #chunks: Uint8Array[] = []
  readonly #spelling = new Spelling()

  constructor(ground: Ground, connection: Connection) {
    this.#ground = ground
    this.connection = connection
    connection.events$.subscribe((event) => {
      this.events.push(event)
      this.#spelling.add(event)
    })
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get spelled(): string {
    return this.#spelling.text
  }

  get lawful(): boolean {
    return this.#spelling.lawful
  }

  /** Why it is over, and the code of the error, where there is one. */
  get cause(): string {
    const closed = this.events.find((event) => event._tag === 'Closed')
    if (closed?._tag !== 'Closed') return 'open'
    const { cause } = closed
    if (cause._tag !== 'Reset') return cause._tag
    return `Reset ${'code' in cause.error ? String(cause.error.code) : ''}`
  }

  read(): this {
    this.connection.data$.subscribe({ next: (chunk) => this.#chunks.push(chunk), error: () => undefined })
    return this
  }

  /** Waits until that was told. */
  async until(tag: ConnectionEvent['_tag']): Promise<void> {
    await this.#ground.until(
      new Promise<void>((resolve) => {
        if (this.events.some(({ _tag }) => _tag === tag)) resolve()
        else this.connection.events$.subscribe((event) => event._tag === tag && resolve())
      }),
    )
  }

  /** Waits until so many bytes were read. */
  async untilRead(bytes: number): Promise<void> {
    await this.#ground.until(
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (this.received.length >= bytes) resolve()
        }
        look()
        this.connection.events$.subscribe(() => queueMicrotask(look))
      }),
    )
  }
}
