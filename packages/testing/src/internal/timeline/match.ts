import type { Token } from './pattern.ts'

/** Something that happened: a value, `|` or `#`. */
export interface Moment {
  readonly text: string
  /** Milliseconds since the subscription. */
  readonly at: number
}

/** How far an expected timeline goes along with what happened. */
export interface Match {
  readonly matches: boolean
  /** For each moment that was recognised the number of its token, on the way that went farthest. */
  readonly owners: readonly number[]
  /** The token that had no moment, where that was so. */
  readonly token: number
}

/** Compares, trying every way to read what may stand for several moments. */
export const match = (tokens: readonly Token[], moments: readonly Moment[], timed: boolean): Match => {
  let best: Match = { matches: false, owners: [], token: 0 }
  const dead = new Set<string>()
  const owners: number[] = []
  const note = (token: number): void => {
    if (owners.length > best.owners.length || (owners.length === best.owners.length && token > best.token)) {
      best = { matches: false, owners: [...owners], token }
    }
  }
  const fits = (token: Token, word: string | null, moment: Moment): boolean =>
    (word === null || matchesWord(word, moment.text)) && (!timed || token.at === null || token.at === moment.at)

  const taking = (token: number, count: number, go: () => boolean): boolean => {
    for (let i = 0; i < count; i++) owners.push(token)
    if (go()) return true
    owners.length -= count
    return false
  }

  /** Whether the words of a token, each once, are what comes next. */
  const once = (i: number, token: Token, words: readonly string[], go: () => boolean): boolean => {
    if (words.length === 0) return go()
    const moment = moments[owners.length]
    if (moment === undefined) return false
    return words.some(
      (word, k) => fits(token, word, moment) && taking(i, 1, () => once(i, token, words.toSpliced(k, 1), go)),
    )
  }

  const from = (i: number, count: number): boolean => {
    note(i)
    const token = tokens[i]
    if (token === undefined) return owners.length === moments.length
    // how often it was there matters as long as it changes what may come
    const enough = token.most === Infinity ? token.least : token.most
    const key = `${String(i)} ${String(Math.min(count, enough))} ${String(owners.length)}`
    if (dead.has(key)) return false
    const again = (): boolean => from(i, count + 1)
    if (count < token.most) {
      const moment = moments[owners.length]
      if (token.words.length === 0 ? moment !== undefined && taking(i, 1, again) : once(i, token, token.words, again)) {
        return true
      }
    }
    if (count >= token.least && from(i + 1, 0)) return true
    dead.add(key)
    return false
  }
  return from(0, 0) ? { matches: true, owners: [...owners], token: tokens.length } : best
}

/** `Data` stands for every `Data(…)`. */
const matchesWord = (word: string, text: string): boolean =>
  word === text || (!word.startsWith('"') && !word.includes('(') && text.startsWith(`${word}(`))
