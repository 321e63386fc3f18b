import type { Step } from '../framing/step.ts'
import { fail, frame, more } from '../framing/step.ts'
import type { Protocol } from '../protocol.ts'
import type { Marking } from './marking.ts'
import { lastDelimiter } from './plainMarking.ts'
import { NO_BYTES, notEncodable, overLimit } from './refusal.ts'
import { DONE } from './stepDecoder.ts'

/** The options of `delimited`, checked. */
export interface DelimitedRules {
  readonly name: string
  readonly delimiters: ReadonlyArray<Uint8Array>
  readonly keep: boolean
  readonly marking: Marking
  readonly maxFrameBytes: number
}

export const delimitedStep = ({ marking, keep }: DelimitedRules): Step<Uint8Array> => {
  return (bytes, scanned) => {
    const found = marking.find(bytes, scanned)
    switch (found._tag) {
      case 'End':
        return frame(message(marking, keep, bytes, found.length, found.next), found.next)
      case 'None':
        return more(found.scanned, 'frame')
      case 'Wrong':
        return fail(found.what, found.at)
    }
  }
}

const message = (marking: Marking, keep: boolean, bytes: Uint8Array, length: number, next: number): Uint8Array => {
  const escaped = bytes.subarray(0, length)
  const content = marking.unescape(escaped)
  if (!keep) return content
  if (content === escaped) return bytes.subarray(0, next)
  const whole = new Uint8Array(content.length + next - length)
  whole.set(content)
  whole.set(bytes.subarray(length, next), content.length)
  return whole
}

export const delimitedEncoder = (rules: DelimitedRules): Protocol<Uint8Array>['encode'] => {
  const { name, marking, maxFrameBytes: limit } = rules
  const split = rules.keep ? keptDelimiter(rules.delimiters) : firstDelimiter(rules.delimiters)
  return (sent, out) => {
    if (!(sent instanceof Uint8Array)) return notEncodable(name, sent, NO_BYTES)
    const delimiter = split(sent)
    if (delimiter === null) return notEncodable(name, sent, 'it does not end with a delimiter')
    const content = rules.keep ? sent.subarray(0, sent.length - delimiter.length) : sent
    const extra = marking.extra(content, delimiter)
    const total = content.length + delimiter.length + (typeof extra === 'number' ? extra : 0)
    if (total > limit) return overLimit(limit, total, sent)
    if (typeof extra === 'string') return notEncodable(name, sent, extra)
    out.bytes(extra === 0 ? content : marking.escape(content, extra))
    out.bytes(delimiter)
    return DONE
  }
}

type Split = (sent: Uint8Array) => Uint8Array | null

const firstDelimiter = ([first]: ReadonlyArray<Uint8Array>): Split => {
  return () => first ?? null
}

/** The delimiter that a message brings itself. */
const keptDelimiter = (delimiters: ReadonlyArray<Uint8Array>): Split => {
  const endingAt = lastDelimiter(delimiters)
  return (sent) => {
    const found = endingAt(sent, sent.length - 1, 0)
    return found?._tag === 'End' ? sent.subarray(found.length) : null
  }
}
