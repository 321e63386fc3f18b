import type { Found, Marking } from './marking.ts'
import { byteSet, countIn, dropBefore, end, insertBefore, none, wrong } from './marking.ts'
import { lastDelimiter, longest, prefixAt } from './plainMarking.ts'

export const BACKSLASH = 0x5c

/** A backslash before a byte of a delimiter, or another backslash, makes it one of the frame. */
export const backslashMarking = (delimiters: ReadonlyArray<Uint8Array>): Marking => {
  const endingAt = lastDelimiter(delimiters)
  const reach = longest(delimiters) - 1
  const escapable = byteSet([BACKSLASH, ...delimiters.flatMap((delimiter) => [...delimiter])])
  const escaped = byteSet([BACKSLASH, ...delimiters.map(([first = 0]) => first)])
  return {
    find: (bytes, scanned) => {
      // behind the last escape: a delimiter has none of its bytes in one
      let clear = scanned
      let at = scanned
      for (; at < bytes.length; at++) {
        if (bytes[at] === BACKSLASH) {
          if (at + 1 === bytes.length) break
          if (escapable[bytes[at + 1] ?? 0] === 0) return wrong('a backslash before a byte of no delimiter', at + 1)
          clear = ++at + 1
        } else {
          const found = endingAt(bytes, at, clear)
          if (found !== null) return found
        }
      }
      return none(Math.max(clear, at - reach))
    },
    unescape: (content) => dropBefore(content, (byte) => byte === BACKSLASH),
    extra: (content) => countIn(escaped, content),
    escape: (content, extra) => insertBefore(escaped, content, extra, () => BACKSLASH),
  }
}

/** The first byte of a delimiter stands twice where it is one of the frame; alone, a delimiter begins. */
export const doubledMarking = (delimiters: ReadonlyArray<Uint8Array>): Marking => {
  const leads = byteSet(delimiters.map(([first = 0]) => first))
  return {
    find: (bytes, scanned) => {
      for (let at = scanned; at < bytes.length; at++) {
        const byte = bytes[at] ?? 0
        if (leads[byte] === 0) continue
        if (bytes[at + 1] !== byte) return delimiterAt(delimiters, bytes, at)
        at++
      }
      return none(bytes.length)
    },
    unescape: (content) => dropBefore(content, (byte) => leads[byte] === 1),
    extra: (content) => countIn(leads, content),
    escape: (content, extra) => insertBefore(leads, content, extra, (byte) => byte),
  }
}

const delimiterAt = (delimiters: ReadonlyArray<Uint8Array>, bytes: Uint8Array, at: number): Found => {
  let most = 0
  for (const delimiter of delimiters) {
    const same = prefixAt(delimiter, bytes, at)
    if (same === delimiter.length) return end(at, at + same)
    most = Math.max(most, same)
  }
  return at + most === bytes.length ? none(at) : wrong('the beginning of a delimiter, not doubled', at + most)
}
