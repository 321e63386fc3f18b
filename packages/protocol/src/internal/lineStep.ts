import * as E from 'fp-ts/lib/Either.js'
import { Malformed, TooLong } from '../errors.ts'
import type { End, Step, StepResult } from '../framing/step.ts'
import { fail, frame, more, skip } from '../framing/step.ts'
import type { LineRules } from './lineRules.ts'
import { ERROR_BYTES } from './stepDecoder.ts'

const CR = 13
const LF = 10

/** Where a line ends: behind its ending (`next`), and what belongs to it (`length`). */
type Found =
  | { readonly _tag: 'End'; readonly length: number; readonly next: number }
  | { readonly _tag: 'None'; readonly scanned: number }
  | { readonly _tag: 'Bare'; readonly what: string; readonly at: number }

/**
 * Lines, plainly: find the ending, check the limit, read the text. The state says whether the rest of
 * an over-long line is being dropped.
 */
export const lineStep = (rules: LineRules): Step<unknown, boolean> => {
  const find = FINDERS[rules.ending]
  return (bytes, scanned, dropping, offset) => {
    if (dropping) return dropRest(rules, bytes)
    const found = find(bytes, scanned)
    switch (found._tag) {
      case 'End':
        return content(rules, bytes.subarray(0, found.length), found.next, offset)
      case 'None':
        return bytes.length < rules.maxFrameBytes || rules.tooLong === 'fail'
          ? more(found.scanned, 'line')
          : overLong(rules, bytes, offset)
      case 'Bare':
        return fail(found.what, found.at)
    }
  }
}

/** The last line without an ending, where that is one. */
export const lineEnd = (rules: LineRules): End<unknown, boolean> => {
  return (bytes, dropping, offset) => {
    if (rules.unterminated === 'truncated') {
      if (dropping) return { _tag: 'Truncated', phase: 'line over the limit' }
      return { _tag: bytes.length === 0 ? 'Nothing' : 'Truncated' }
    }
    if (dropping || bytes.length === 0) return { _tag: 'Nothing' }
    // only `strict` leaves a CR here that no LF follows any more
    if (rules.ending === 'strict' && bytes[bytes.length - 1] === CR) {
      return { _tag: 'Fail', what: 'a CR without LF', at: bytes.length - 1 }
    }
    const result = content(rules, bytes, bytes.length, offset)
    return result._tag === 'Frame' || result._tag === 'Fail' ? result : { _tag: 'Nothing' }
  }
}

const FINDERS: Readonly<Record<LineRules['ending'], (bytes: Uint8Array, scanned: number) => Found>> = {
  lf: (bytes, scanned) => {
    const at = bytes.indexOf(LF, scanned)
    return at === -1 ? none(bytes.length) : { _tag: 'End', length: at, next: at + 1 }
  },
  either: (bytes, scanned) => {
    const at = bytes.indexOf(LF, scanned)
    if (at === -1) return none(bytes.length)
    return { _tag: 'End', length: at > 0 && bytes[at - 1] === CR ? at - 1 : at, next: at + 1 }
  },
  crlf: (bytes, scanned) => {
    for (let at = bytes.indexOf(LF, scanned); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      if (at > 0 && bytes[at - 1] === CR) return { _tag: 'End', length: at - 1, next: at + 1 }
    }
    return none(bytes.length)
  },
  strict: (bytes, scanned) => {
    const lf = bytes.indexOf(LF, scanned)
    const cr = bytes.subarray(0, lf === -1 ? bytes.length : lf).indexOf(CR, scanned)
    if (cr === -1) return lf === -1 ? none(bytes.length) : { _tag: 'Bare', what: 'an LF without CR', at: lf }
    if (lf === cr + 1) return { _tag: 'End', length: cr, next: lf + 1 }
    return cr + 1 === bytes.length ? none(cr) : { _tag: 'Bare', what: 'a CR without LF', at: cr }
  },
}

const none = (scanned: number): Found => ({ _tag: 'None', scanned })

/** A whole line within the limit: its text, or what the policy makes of text that is none. */
const content = (rules: LineRules, bytes: Uint8Array, length: number, offset: number): StepResult<unknown, boolean> => {
  if (rules.valid(bytes) || rules.invalidText === 'replace') {
    const line = rules.read(bytes)
    return frame(rules.values ? E.right(line) : line, length)
  }
  if (rules.invalidText === 'skip') return skip(length)
  const at = rules.firstInvalid(bytes)
  const what = `a line that is no ${rules.encoding === 'ascii' ? 'ASCII' : 'UTF-8'}`
  if (rules.invalidText === 'fail') return fail(what, at)
  const shown = bytes.slice(Math.max(0, at + 1 - ERROR_BYTES), at + 1)
  return frame(E.left(new Malformed({ what, at: offset + at, bytes: shown, offset })), length)
}

/**
 * The limit is reached: `bytes` are as many as it allows. They are taken and what follows is dropped, but for
 * a CR that may be half of the ending.
 */
const overLong = (rules: LineRules, bytes: Uint8Array, offset: number): StepResult<unknown, boolean> => {
  const limit = rules.maxFrameBytes
  const taken = twoBytes(rules) && bytes[limit - 1] === CR ? limit - 1 : limit
  if (rules.tooLong === 'skip') return skip(taken, true)
  const shown = bytes.slice(0, ERROR_BYTES)
  return frame(E.left(new TooLong({ limit, seen: limit, bytes: shown, offset, fault: 'remote' })), taken, true)
}

const dropRest = (rules: LineRules, bytes: Uint8Array): StepResult<never, boolean> => {
  const found = FINDERS[twoBytes(rules) ? 'crlf' : 'lf'](bytes, 0)
  if (found._tag === 'End') return skip(found.next, false)
  const half = twoBytes(rules) && bytes[bytes.length - 1] === CR ? 1 : 0
  return bytes.length === half ? more(0, 'line over the limit') : skip(bytes.length - half, true)
}

const twoBytes = (rules: LineRules): boolean => rules.ending === 'crlf' || rules.ending === 'strict'
