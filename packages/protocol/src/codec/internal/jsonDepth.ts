/** Whether more than `most` brackets of a JSON text are open at once; of a text that is none, perhaps. */
export const deeperThan = (text: string, most: number): boolean =>
  text.length > 2 * most && hasMore(text, most) && scanned(text, most)

/** Whether it has so many brackets at all: cheap, and for most messages the answer. */
const hasMore = (text: string, most: number): boolean => {
  let count = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > most) return true
    }
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Character by character, over strings. */
const scanned = (text: string, most: number): boolean => {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b:
      case 0x5b:
        if (++depth > most) return true
        break
      case 0x7d:
      case 0x5d:
        depth--
        break
      case QUOTE:
        at = stringEnd(text, at + 1)
    }
  }
  return false
}

/** Where the string ends that goes on at `at`. */
const stringEnd = (text: string, at: number): number => {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return i
    if (code === BACKSLASH) i++
  }
  return text.length
}
