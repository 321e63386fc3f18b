import type { Step } from '@sluice/protocol'
import { fail, more } from '@sluice/protocol'
import type { ProxyHeader } from '../../proxyAnnouncement.ts'
import { readBinary } from './binaryRead.ts'
import { readLine } from './line.ts'
import { LINE_BEGINS, SIGNATURE } from './types.ts'

/**
 * Reads a PROXY header. What is none is found at its first wrong byte, so that a client who speaks another
 * protocol is not waited for.
 */
export const headerStep =
  (versions: readonly (1 | 2)[]): Step<ProxyHeader> =>
  (bytes, scanned, _state, offset) => {
    const line = bytes[0] === LINE_BEGINS[0]
    if (!versions.includes(line ? 1 : 2)) return fail(NO_HEADER, 0)
    const begins = line ? LINE_BEGINS : SIGNATURE
    const at = firstDifference(bytes, begins)
    if (at !== -1) return fail(NO_HEADER, at)
    if (bytes.length < begins.length) return more(0, 'PROXY header')
    return line ? readLine(bytes, scanned, offset) : readBinary(bytes)
  }

/** Whether bytes begin as a header of one of those versions does, as far as they reach. */
export const beginsHeader = (bytes: Uint8Array, versions: readonly (1 | 2)[]): 'yes' | 'no' | 'perhaps' => {
  const begins = bytes[0] === LINE_BEGINS[0] ? LINE_BEGINS : SIGNATURE
  if (bytes.length === 0) return 'perhaps'
  if (!versions.includes(begins === LINE_BEGINS ? 1 : 2) || firstDifference(bytes, begins) !== -1) return 'no'
  return bytes.length < begins.length ? 'perhaps' : 'yes'
}

const NO_HEADER = 'a byte that no PROXY header has there'

/** Where bytes differ from a beginning, as far as both reach; or -1. */
const firstDifference = (bytes: Uint8Array, begins: Uint8Array): number => {
  const end = Math.min(bytes.length, begins.length)
  for (let i = 0; i < end; i++) if (bytes[i] !== begins[i]) return i
  return -1
}
