import type { Found, Marking } from './marking.ts'
import { byteSet, end, none } from './marking.ts'

/** Delimiters as they are: a content that holds one cannot be sent. */
export const plainMarking = (delimiters: ReadonlyArray<Uint8Array>): Marking => {
  const [only] = delimiters
  const find = delimiters.length === 1 && only !== undefined ? findOne(only) : findAny(delimiters)
  const reach = longest(delimiters) - 1
  const mayJoin = delimiters.some((one) => delimiters.some((other) => overlap(one, other)))
  return {
    find,
    unescape: (content) => content,
    extra: (content, delimiter) => {
      if (find(content, 0)._tag === 'End') return 'a delimiter inside the frame'
      if (!mayJoin) return 0
      // together with the delimiter its last bytes may be one, or the beginning of another
      const last = content.subarray(Math.max(0, content.length - reach))
      const tail = new Uint8Array(last.length + delimiter.length)
      tail.set(last)
      tail.set(delimiter, last.length)
      const found = find(tail, 0)
      const asMeant = found._tag === 'End' && found.next === tail.length && found.length === last.length
      return asMeant ? 0 : 'its end and the delimiter read as another delimiter'
    },
    escape: (content) => content,
  }
}

/** Whether the last bytes of one, not all of it, are the first of the other. */
const overlap = (one: Uint8Array, other: Uint8Array): boolean => {
  for (let start = 1; start < one.length; start++) {
    if (prefixAt(other, one, start) === Math.min(other.length, one.length - start)) return true
  }
  return false
}

export const longest = (delimiters: ReadonlyArray<Uint8Array>): number =>
  delimiters.reduce((most, { length }) => Math.max(most, length), 0)

const findOne = (delimiter: Uint8Array): Marking['find'] => {
  const size = delimiter.length
  const last = delimiter[size - 1] ?? 0
  return (bytes, scanned) => {
    for (let at = bytes.indexOf(last, scanned); at !== -1; at = bytes.indexOf(last, at + 1)) {
      const start = at + 1 - size
      if (start >= 0 && prefixAt(delimiter, bytes, start) === size) return end(start, at + 1)
    }
    return none(bytes.length)
  }
}

/** Byte by byte, so that a delimiter that never comes is not searched for again in every frame. */
const findAny = (delimiters: ReadonlyArray<Uint8Array>): Marking['find'] => {
  const endingAt = lastDelimiter(delimiters)
  return (bytes, scanned) => {
    for (let at = scanned; at < bytes.length; at++) {
      const found = endingAt(bytes, at, 0)
      if (found !== null) return found
    }
    return none(bytes.length)
  }
}

/** The longest delimiter whose last byte is at `at`, and its first not before `from`. */
export const lastDelimiter = (
  delimiters: ReadonlyArray<Uint8Array>,
): ((bytes: Uint8Array, at: number, from: number) => Found | null) => {
  const lasts = byteSet(delimiters.map((delimiter) => delimiter[delimiter.length - 1] ?? 0))
  const longestFirst = [...delimiters].sort((a, b) => b.length - a.length)
  return (bytes, at, from) => {
    if (lasts[bytes[at] ?? 0] === 0) return null
    for (const delimiter of longestFirst) {
      const start = at + 1 - delimiter.length
      if (start >= from && prefixAt(delimiter, bytes, start) === delimiter.length) return end(start, at + 1)
    }
    return null
  }
}

/** How many bytes of the delimiter stand at `start`, from its first on. */
export const prefixAt = (delimiter: Uint8Array, bytes: Uint8Array, start: number): number => {
  const most = Math.min(delimiter.length, bytes.length - start)
  let same = 0
  while (same < most && delimiter[same] === bytes[start + same]) same++
  return same
}
