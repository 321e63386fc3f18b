/** One line of what happened on a simulated network. */
export interface Entry {
  readonly at: number
  /** Between whom, or to whom. */
  readonly who: string
  readonly what: string
  /** Bytes, where there are any. */
  readonly bytes: number
}

/** What happened, in order; and all of it in one number. */
export class Journal {
  readonly #most: number
  #entries: Entry[] = []
  #digest = 0x811c9dc5
  count = 0

  /** `most`: how many of the last lines are kept. */
  constructor(most: number) {
    this.#most = most
  }

  /** The same for the same events with the same bytes. */
  get digest(): number {
    return this.#digest >>> 0
  }

  get lines(): readonly string[] {
    return this.#entries.slice(-this.#most).map(showEntry)
  }

  note(at: number, who: string, what: string, bytes = 0, content?: Uint8Array): void {
    this.count++
    this.#fold(at * 1000)
    this.#fold(bytes)
    for (let i = 0; i < what.length; i++) this.#fold(what.charCodeAt(i))
    for (let i = 0; i < who.length; i++) this.#fold(who.charCodeAt(i))
    if (content !== undefined) this.#foldAll(content)
    this.#entries.push({ at, who, what, bytes })
    // now and then, and not with every line
    if (this.#entries.length >= 2 * this.#most) this.#entries = this.#entries.slice(-this.#most)
  }

  #fold(number: number): void {
    this.#digest = Math.imul(this.#digest ^ (number | 0), 0x01000193)
  }

  #foldAll(content: Uint8Array): void {
    let digest = this.#digest
    for (let i = 0; i < content.length; i++) digest = Math.imul(digest ^ (content[i] ?? 0), 0x01000193)
    this.#digest = digest
  }
}

const showEntry = ({ at, who, what, bytes }: Entry): string => {
  const time = `${(at / 1000).toFixed(6)} s`.padStart(18)
  return `${time}  ${who.padEnd(40)} ${what}${bytes === 0 ? '' : ` ${String(bytes)}`}`
}
