import type { Fields, HeaderFrame } from '../framing/headerFrame.ts'
import type { Step, StepResult } from '../framing/step.ts'
import { fail, frame, more, need } from '../framing/step.ts'
import { BARE_LF, blockEnd, isWrong, parseFields } from './fields.ts'
import { partTooLong } from './tooLong.ts'
import { wholeNumber } from '../wholeNumber.ts'

/** The options of `headerFramed`, checked, with their defaults. */
export interface HeaderRules {
  readonly lengthHeader: string
  readonly maxHeaderBytes: number
  readonly maxFrameBytes: number
}

/** Find the empty line, read the length, wait for the body. */
export const headerStep = (rules: HeaderRules): Step<HeaderFrame> => {
  const { maxHeaderBytes } = rules
  const lengthName = rules.lengthHeader.toLowerCase()
  return (bytes, scanned, _state, offset) => {
    const head = bytes.length > maxHeaderBytes ? bytes.subarray(0, maxHeaderBytes) : bytes
    const found = blockEnd(head, 0, scanned)
    switch (found._tag) {
      case 'End':
        return framed(rules, lengthName, bytes, found.next)
      case 'Bare':
        return fail(BARE_LF, found.at)
      case 'None':
        return head.length === maxHeaderBytes
          ? partTooLong(maxHeaderBytes, head, offset)
          : more(head.length, 'header block')
    }
  }
}

/** The block is there, and ends at `start`. */
const framed = (
  { lengthHeader }: HeaderRules,
  lengthName: string,
  bytes: Uint8Array,
  start: number,
): StepResult<HeaderFrame> => {
  const all = parseFields(bytes, 0, start)
  if (isWrong(all)) return fail(all.what, all.at)
  const isLength = ([name]: Fields[number]) => name.toLowerCase() === lengthName
  const lengths = all.filter(isLength)
  const [length] = lengths
  if (length === undefined) return fail(`a header block without ${lengthHeader}`, start - 1)
  if (lengths.length > 1) return fail(`a header block with several ${lengthHeader} fields`, start - 1)
  const size = wholeNumber(length[1])
  if (Number.isNaN(size)) return fail(`a ${lengthHeader} that is no whole number`, start - 1)
  const total = start + size
  if (bytes.length < total) return need(total, 'body')
  return frame({ headers: all.filter((field) => !isLength(field)), body: bytes.subarray(start, total) }, total)
}
