import type { Binary, Codec } from '@sluice/protocol'
import { isLeft } from 'fp-ts/lib/Either.js'
import { same, show } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, held } from '../law.ts'

/** How values are compared, where a law compares them. */
interface Comparing<A> {
  readonly equals?: (a: A, b: A) => boolean
}

export const READS_BACK: Law = { title: 'reads back what it wrote', rule: 'R15' }
export const SENDS_AGAIN: Law = { title: 'sends what it has read, and reads it as the same again', rule: 'R15' }
export const AGREES: Law = { title: 'reads whatever it agrees to send', rule: 'R15' }
export const TOTAL: Law = { title: 'answers to anything, and throws at nothing', rule: 'R18' }
export const LEAVES: Law = { title: 'leaves what it reads as it is', rule: 'R20' }
export const BOUNDS: Law = { title: 'takes no fewer and no more bytes than it says', rule: 'R16' }

/** What a law draws of a wire that is no bytes: its text. */
const asBytes = (wire: unknown): Uint8Array => (wire instanceof Uint8Array ? wire : Buffer.from(show(wire)))

const no = (law: Law, detail: string, wire: unknown): LawResult => broken(law, detail, asBytes(wire), [])

/** R15: `decode(encode(a)) = right(a)`. */
export const readsBack = <Wire, A>(codec: Codec<Wire, A>, value: A, { equals = same }: Comparing<A>): LawResult => {
  const sent = codec.encode(value)
  if (isLeft(sent)) return no(READS_BACK, `encode refused ${show(value)}: ${sent.left.message}`, '')
  const read = codec.decode(sent.right)
  if (isLeft(read)) return no(READS_BACK, `decode refused what ${show(value)} became: ${read.left.message}`, sent.right)
  return equals(value, read.right) ? held : no(READS_BACK, `sent ${show(value)}\nread ${show(read.right)}`, sent.right)
}

/** R15: a value that was decoded can be encoded, to something that is decoded to it again. */
export const sendsAgain = <Wire, A>(codec: Codec<Wire, A>, wire: Wire, how: Comparing<A>): LawResult => {
  const read = codec.decode(wire)
  if (isLeft(read)) return held
  const again = readsBack(codec, read.right, how)
  return again._tag === 'Held' ? held : no(SENDS_AGAIN, again.detail, wire)
}

/** R15: whatever an encoder does not refuse, its decoder reads. */
export const agrees = <Wire, A>(codec: Codec<Wire, A>, junk: unknown): LawResult => {
  try {
    // not what the type allows: that is what is tried here
    const sent = codec.encode(junk as A)
    if (isLeft(sent)) return held
    const read = codec.decode(sent.right)
    return isLeft(read) ? no(AGREES, `sent ${show(junk)}, and did not read it: ${read.left.message}`, sent.right) : held
  } catch (thrown) {
    return no(AGREES, `threw ${show(thrown)} at ${show(junk)}`, '')
  }
}

/** R18: no input makes a decoder throw; what it answers is an `Either`, and an error bears the frame. */
export const total = <Wire, A>(codec: Codec<Wire, A>, wire: unknown): LawResult => {
  try {
    // not what the type allows: that is what is tried here
    const read = codec.decode(wire as Wire)
    if (!isLeft(read)) return held
    return Object.is(read.left.frame, wire) ? held : no(TOTAL, `an error of another frame: ${read.left.message}`, wire)
  } catch (thrown) {
    return no(TOTAL, `threw ${show(thrown)}`, wire)
  }
}

/** R20: a decoder does not write to what it reads, and reads the same from it twice. */
export const leaves = <Wire, A>(codec: Codec<Wire, A>, wire: Wire): LawResult => {
  const before = wire instanceof Uint8Array ? Uint8Array.from(wire) : null
  const once = codec.decode(wire)
  const twice = codec.decode(wire)
  if (before !== null && !same(before, wire)) return no(LEAVES, 'wrote to the bytes', before)
  return same(once, twice) ? held : no(LEAVES, `read ${show(once)}\nthen ${show(twice)}`, wire)
}

/** R16: the size of what is written is within the bounds. */
export const bounds = <A>(codec: Binary<A>, value: A): LawResult => {
  const sent = codec.encode(value)
  if (isLeft(sent)) return held
  const { length } = sent.right
  if (length >= codec.minBytes && length <= codec.maxBytes) return held
  const said = `${String(codec.minBytes)} to ${String(codec.maxBytes)}`
  return no(BOUNDS, `${show(value)} takes ${String(length)} bytes, and ${said} are said`, sent.right)
}
