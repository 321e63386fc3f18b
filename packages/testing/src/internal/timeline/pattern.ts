import { WrongOption } from '@sluice/protocol'

/** What an expected timeline is made of. */
export interface Token {
  /** As it stands in the text, with the time before it. */
  readonly text: string
  /** The words it stands for, each once, in any order; none: anything. */
  readonly words: readonly string[]
  readonly least: number
  readonly most: number
  /** When it is, where that matters. */
  readonly at: number | null
}

const TIME = /^(?:-+|(\d+)(ms|s))/
const ELLIPSIS = /^(?:…|\.\.\.)/
const QUOTED = /^"(?:[^"\\]|\\.)*"/
const NAME = /^[^\s\-|#{}*+?"…()]+/

/** Reads an expected timeline. `timed`: whether it may speak of time at all. */
export const pattern = (expected: string, timed: boolean, wordOf: (word: string) => string): readonly Token[] => {
  const fail = (what: string): never => {
    throw new WrongOption('timeline.expect()', 'expected', expected, what)
  }
  const tokens: Token[] = []
  let [rest, now, before] = [expected.trimStart(), 0, '']
  const eat = (length: number): string => {
    const eaten = rest.slice(0, length)
    rest = rest.slice(length)
    return eaten
  }
  const word = (): string => {
    const mark = /^[|#]/.exec(rest)?.[0]
    const name = mark ?? QUOTED.exec(rest)?.[0] ?? NAME.exec(rest)?.[0] ?? fail(`a word at “${rest}”`)
    eat(name.length)
    const shown = rest.startsWith('(') ? name + eat(bracketed(rest) ?? fail('a closing bracket')) : name
    return mark === undefined ? wordOf(shown) : shown
  }
  while (rest !== '') {
    const began = rest
    const time = TIME.exec(rest)
    if (time !== null) {
      if (!timed) fail('no time: without a scheduler there is only an order')
      eat(time[0].length)
      now += time[1] === undefined ? time[0].length : Number(time[1]) * (time[2] === 's' ? 1000 : 1)
      before += `${time[0]} `
    } else {
      const any = ELLIPSIS.exec(rest)
      const words = any !== null ? [] : rest.startsWith('{') ? set(word, eat, () => rest) : [word()]
      if (any !== null) eat(any[0].length)
      const times = /^[*+?]/.exec(rest)?.[0]
      eat(times?.length ?? 0)
      const loose = any !== null || times !== undefined
      const least = times === '*' || times === '?' || any !== null ? 0 : 1
      const most = any !== null || times === '*' || times === '+' ? Infinity : 1
      const text = before + began.slice(0, began.length - rest.length)
      tokens.push({ text, words, least, most, at: loose ? null : now })
      before = ''
    }
    rest = rest.trimStart()
  }
  return tokens
}

/** The length of what stands in brackets, brackets in it included. */
const bracketed = (text: string): number | null => {
  let depth = 0
  for (const [i, char] of [...text].entries()) {
    if (char === '(') depth++
    if (char === ')' && --depth === 0) return i + 1
  }
  return null
}

const set = (word: () => string, eat: (length: number) => string, rest: () => string): readonly string[] => {
  const words: string[] = []
  const skip = (): void => {
    eat(rest().length - rest().trimStart().length)
  }
  eat(1)
  skip()
  do {
    words.push(word())
    skip()
  } while (!rest().startsWith('}'))
  eat(1)
  return words
}
