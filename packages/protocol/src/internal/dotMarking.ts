import type { Found, Marking } from './marking.ts'
import { end, none, wrong } from './marking.ts'

const DOT = 0x2e
const CR = 13
const LF = 10

/** The line that ends a block of lines: a dot alone. */
export const DOT_LINE = Uint8Array.of(DOT, CR, LF)

const BARE_CR = 'a CR without LF'
const BARE_LF = 'an LF without CR'

/** Every byte is looked at once; what is said of one depends on two more at most. */
const find = (bytes: Uint8Array, scanned: number): Found => {
  for (let at = scanned; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === LF) return wrong(BARE_LF, at)
    if (byte === CR) {
      if (at + 1 === bytes.length) return none(at)
      if (bytes[at + 1] !== LF) return wrong(BARE_CR, at)
      at++
    } else if (isLeadingDot(bytes, at)) {
      const found = dotLine(bytes, at)
      if (found !== null) return found
    }
  }
  return none(bytes.length)
}

/** What a dot at the beginning of a line is, where it is not the beginning of more text. */
const dotLine = (bytes: Uint8Array, at: number): Found | null => {
  if (at + 1 === bytes.length) return none(at)
  if (bytes[at + 1] !== CR) return null
  if (at + 2 === bytes.length) return none(at)
  return bytes[at + 2] === LF ? end(at, at + 3) : wrong(BARE_CR, at + 1)
}

const isLeadingDot = (bytes: Uint8Array, at: number): boolean => bytes[at] === DOT && (at === 0 || bytes[at - 1] === LF)

const leadingDots = (bytes: Uint8Array): number => {
  let count = 0
  for (let at = 0; at < bytes.length; at++) if (isLeadingDot(bytes, at)) count++
  return count
}

/** What makes a content no whole lines, or null. */
const problem = (content: Uint8Array): string | null => {
  for (let at = 0; at < content.length; at++) {
    if (content[at] === LF && content[at - 1] !== CR) return BARE_LF
    if (content[at] === CR && content[at + 1] !== LF) return BARE_CR
  }
  return content.length === 0 || content[content.length - 1] === LF ? null : 'a last line without CR LF'
}

/**
 * Whole lines up to one that is a dot alone; a dot that begins any other line has another before it (RFC 5321
 * section 4.5.2, RFC 3977 section 3.1.1). CR and LF come together or not at all (RFC 5321 section 2.3.8).
 */
export const dotMarking: Marking = {
  find,
  unescape: (content) => {
    const dots = leadingDots(content)
    if (dots === 0) return content
    const fewer = new Uint8Array(content.length - dots)
    let to = 0
    for (let at = 0; at < content.length; at++) {
      if (!isLeadingDot(content, at)) fewer[to++] = content[at] ?? 0
    }
    return fewer
  },
  extra: (content) => problem(content) ?? leadingDots(content),
  escape: (content, extra) => {
    const more = new Uint8Array(content.length + extra)
    let to = 0
    for (let at = 0; at < content.length; at++) {
      if (isLeadingDot(content, at)) more[to++] = DOT
      more[to++] = content[at] ?? 0
    }
    return more
  },
}
