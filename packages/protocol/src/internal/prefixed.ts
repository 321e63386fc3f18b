import type { ByteWriter } from '../byteWriter.ts'
import type { Step, StepResult } from '../framing/step.ts'
import { fail, frame, need } from '../framing/step.ts'
import type { Protocol } from '../protocol.ts'
import { firstDifference } from './lengthStep.ts'
import { NO_BYTES, notEncodable, overLimit } from './refusal.ts'
import { DONE, stepDecoder } from './stepDecoder.ts'

/** A length as it was read: it ends where its frame has `end` bytes, and says that `length` follow. */
interface Length {
  readonly _tag: 'Length'
  readonly length: number
  readonly end: number
}

export const lengthRead = (length: number, end: number): Length => ({ _tag: 'Length', length, end })

/** One way to write a length in front of a payload. */
export interface Prefix {
  /** Reads the length at `at`; says `need` while it is not whole. */
  readonly read: (bytes: Uint8Array, at: number) => Length | StepResult<never, never>
  /** How many bytes a length takes, or what is wrong with it. */
  readonly size: (length: number) => number | string
  readonly write: (length: number, out: ByteWriter) => void
}

/** A framing with a length of varying size in front. */
export interface PrefixedRules {
  readonly name: string
  readonly prefix: Prefix
  /** Bytes in front of the length; where there are any, the header is kept. */
  readonly offset: number
  readonly keepsHeader: boolean
  /** What stands behind every payload. */
  readonly terminator: Uint8Array
  readonly maxFrameBytes: number
}

/** Decoder and encoder of lengths that have a varying size themselves. */
export const prefixedFraming = (rules: PrefixedRules): Protocol<Uint8Array> => {
  const { name, maxFrameBytes } = rules
  const step = prefixedStep(rules)
  return {
    name,
    decoder: () => stepDecoder({ maxFrameBytes, initial: undefined, step }),
    encode: rules.keepsHeader ? wholeFrames(rules, step) : payloads(rules),
  }
}

const prefixedStep = ({ prefix, offset, keepsHeader, terminator }: PrefixedRules): Step<Uint8Array> => {
  return (bytes) => {
    if (bytes.length <= offset) return need(offset + 1, 'header')
    const read = prefix.read(bytes, offset)
    if (read._tag !== 'Length') return read
    const end = read.end + read.length
    const total = end + terminator.length
    if (bytes.length < total) return need(total, 'payload')
    const wrong = firstDifference(terminator, bytes, end)
    if (wrong !== -1) return fail('the wrong byte behind a payload', wrong)
    return frame(bytes.subarray(keepsHeader ? 0 : read.end, end), total)
  }
}

const payloads = ({
  name,
  prefix,
  terminator,
  maxFrameBytes: limit,
}: PrefixedRules): Protocol<Uint8Array>['encode'] => {
  return (message, out) => {
    if (!(message instanceof Uint8Array)) return notEncodable(name, message, NO_BYTES)
    const size = prefix.size(message.length)
    const total = (typeof size === 'number' ? size : 0) + message.length + terminator.length
    if (total > limit) return overLimit(limit, total, message)
    if (typeof size === 'string') return notEncodable(name, message, size)
    prefix.write(message.length, out)
    out.bytes(message)
    if (terminator.length > 0) out.bytes(terminator)
    return DONE
  }
}

/** Messages that bring their own header: whatever the decoder would read as exactly one frame. */
const wholeFrames = (
  { name, maxFrameBytes: limit }: PrefixedRules,
  step: Step<Uint8Array>,
): Protocol<Uint8Array>['encode'] => {
  return (message, out) => {
    if (!(message instanceof Uint8Array)) return notEncodable(name, message, NO_BYTES)
    if (message.length > limit) return overLimit(limit, message.length, message)
    const result = step(message, 0, undefined, 0)
    if (result._tag === 'Fail') return notEncodable(name, message, `it has ${result.what} at ${String(result.at)}`)
    if (result._tag !== 'Frame' || result.length !== message.length) {
      return notEncodable(name, message, `its header does not say its length of ${String(message.length)} bytes`)
    }
    out.bytes(message)
    return DONE
  }
}
