/** Where a text stops being JSON, and what would have been expected there. */
export interface JsonFault {
  readonly at: number
  readonly expected: string
}

type Bracket = '}' | ']'

/** What may come next: any value, the first thing behind a bracket, a key, or what stands behind a value. */
type Next = 'value' | 'first' | 'key' | 'after'

/**
 * What is wrong with a text that is no JSON (RFC 8259), or null. The engines all say it in other words, some without the
 * place; this is asked only when they have refused a text. It keeps a bracket per level, and does not recur.
 */
export const jsonFault = (text: string): JsonFault | null => new Scan(text).fault()

class Scan {
  readonly #text: string
  readonly #open: Bracket[] = []
  #at = 0
  #next: Next = 'value'

  constructor(text: string) {
    this.#text = text
  }

  fault(): JsonFault | null {
    this.#blank()
    while (this.#next !== 'after' || this.#open.length > 0) {
      const expected = this.#step()
      if (expected !== null) return { at: this.#at, expected }
      this.#blank()
    }
    return this.#at === this.#text.length ? null : { at: this.#at, expected: 'the end' }
  }

  /** Takes one piece; what was expected where there is none. */
  #step(): string | null {
    const close = this.#open.at(-1)
    const closes = this.#text[this.#at] === close
    if (close !== undefined && closes && (this.#next === 'first' || this.#next === 'after')) {
      this.#open.pop()
      return this.#take('after')
    }
    if (this.#next === 'after') {
      if (this.#text[this.#at] === ',') return this.#take(close === '}' ? 'key' : 'value')
      return `, or ${String(close)}`
    }
    return this.#next === 'key' || (this.#next === 'first' && close === '}') ? this.#key() : this.#value()
  }

  #key(): string | null {
    if (this.#text[this.#at] !== '"') return this.#next === 'first' ? 'a key or }' : 'a key'
    const expected = this.#string()
    if (expected !== null) return expected
    this.#blank()
    return this.#text[this.#at] === ':' ? this.#take('value') : ':'
  }

  #value(): string | null {
    const one = this.#text[this.#at]
    if (one === '{' || one === '[') {
      this.#open.push(one === '{' ? '}' : ']')
      return this.#take('first')
    }
    const nothing = this.#next === 'first' ? 'a value or ]' : 'a value'
    this.#next = 'after'
    if (one === '"') return this.#string()
    if (one === '-' || this.#digit()) return this.#number()
    const word = ['true', 'false', 'null'].find((known) => this.#text.startsWith(known, this.#at))
    this.#at += word?.length ?? 0
    return word === undefined ? nothing : null
  }

  /** From one quotation mark behind the other. */
  #string(): string | null {
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (code < 0x20) return 'a character that needs no escape'
      if (code === 0x22) {
        this.#at++
        return null
      }
      if (code !== 0x5c) continue
      const length = escapeLength(this.#text, this.#at)
      if (length === 0) return 'an escape that JSON has'
      this.#at += length - 1
    }
    return 'a quotation mark'
  }

  #number(): string | null {
    if (this.#text[this.#at] === '-') this.#at++
    if (this.#text[this.#at] === '0') this.#at++
    else if (!this.#digits()) return 'a digit'
    if (this.#text[this.#at] === '.') {
      this.#at++
      if (!this.#digits()) return 'a digit'
    }
    if (this.#text[this.#at] === 'e' || this.#text[this.#at] === 'E') {
      this.#at++
      if (this.#text[this.#at] === '+' || this.#text[this.#at] === '-') this.#at++
      if (!this.#digits()) return 'a digit'
    }
    return null
  }

  /** Takes digits; whether there was one. */
  #digits(): boolean {
    const from = this.#at
    while (this.#digit()) this.#at++
    return this.#at > from
  }

  #digit(): boolean {
    const code = this.#text.charCodeAt(this.#at)
    return code >= 0x30 && code <= 0x39
  }

  #blank(): void {
    while (BLANK.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++
  }

  #take(next: Next): null {
    this.#at++
    this.#next = next
    return null
  }
}

const BLANK = ' \t\n\r'

/** How many characters the escape at `at` has; 0 for one that JSON has not. */
const escapeLength = (text: string, at: number): number => {
  if (text[at + 1] === 'u') return /^[0-9A-Fa-f]{4}$/.test(text.slice(at + 2, at + 6)) ? 6 : 0
  return '"\\/bfnrt'.includes(text[at + 1] ?? ' ') ? 2 : 0
}
