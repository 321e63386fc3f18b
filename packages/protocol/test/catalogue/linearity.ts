import { byteQueue } from '../../src/index.ts'
import type { Subject } from './entry.ts'
import { workOf } from './work.ts'

/** What a frame of `frameBytes` costs in pieces of `pieceBytes`. */
export interface DrippedFrame {
  readonly frameBytes: number
  readonly pieceBytes: number
}

/** The work of a decoder for one dripped frame; null where the framing has no frames of any size. */
const workOfFrame = (subject: Subject, dripped: DrippedFrame): number | null => {
  const drip = dripper(subject, dripped)
  return drip === null ? null : workOf(drip)
}

/** Drips one frame through a fresh decoder, and makes sure that it came out. */
export const dripper = ({ laws }: Subject, { frameBytes, pieceBytes }: DrippedFrame): (() => void) | null => {
  const { sized } = laws
  if (sized === undefined) return null
  // the length of a long frame may take more bytes than `sized` reckons with
  const protocol = sized.protocol(frameBytes + 16)
  const out = byteQueue()
  protocol.encode(sized.message(frameBytes), out)
  const bytes = out.take()
  return () => {
    let messages = 0
    const decoder = protocol.decoder()
    const emit = () => ++messages > 0
    for (let at = 0; at < bytes.length; at += pieceBytes) decoder.push(bytes.subarray(at, at + pieceBytes), emit)
    if (messages !== 1) throw new Error(`${protocol.name}: ${String(messages)} messages out of one frame`)
  }
}

/** How much more a frame of twice the size costs. */
export const doubling = (subject: Subject, { frameBytes, pieceBytes }: DrippedFrame): number | null => {
  const once = workOfFrame(subject, { frameBytes, pieceBytes })
  const twice = workOfFrame(subject, { frameBytes: 2 * frameBytes, pieceBytes })
  return once === null || twice === null ? null : twice / once
}
