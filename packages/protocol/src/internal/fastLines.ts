import { isAscii } from 'node:buffer'
import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import type { Decoder } from '../protocol.ts'
import type { LineRules } from './lineRules.ts'
import { buffer } from './lineRules.ts'
import type { StepDecoder } from './stepDecoder.ts'
import { DONE } from './stepDecoder.ts'

const CR = 13
const LF = 10
const NOTHING = Buffer.alloc(0)

type Emit = (line: unknown) => boolean

/**
 * The whole-chunk path for lines that end in LF: the text between two frame borders of a chunk is
 * decoded once and sliced. Whatever is unusual (a line across chunks, invalid text, a line over the
 * limit, the end of the stream) goes through the plain decoder, so there is one definition of it.
 *
 * ```
 *  chunk   g LF  a n n LF h i CR LF  b y
 *          ──┬─  ────────┬─────────  ─┬─
 *     plain: ends    fast: decoded    plain: keeps it
 *     a line         once, sliced
 * ```
 */
export const fastLines = (rules: LineRules, plain: StepDecoder<unknown, boolean>): Decoder<unknown> =>
  new FastLines(rules, plain)

class FastLines implements Decoder<unknown> {
  readonly #rules: LineRules
  readonly #plain: StepDecoder<unknown, boolean>
  readonly #strips: boolean
  /** The bytes not yet given to either path are those from `#at` on. */
  #chunk: Buffer = NOTHING
  #at = 0
  /** Whether the fast path is in a region: the whole lines from `#at` to the last LF of the chunk. */
  #inRegion = false
  /** The region as text, unless `bytes`. */
  #text = ''
  /** How many characters (`bytes`: bytes) of the region are emitted. */
  #read = 0
  /** Whether a character of `#text` is one byte. */
  #oneByte = true

  #emit: Emit = () => true
  #stopped = false
  /** Whether the plain decoder was stopped, so that it may hold whole lines. */
  #plainStopped = false
  #failure: E.Either<DecodeError, void> | null = null
  readonly #forward: Emit = (line) => {
    this.#stopped = !this.#emit(line)
    return !this.#stopped
  }

  constructor(rules: LineRules, plain: StepDecoder<unknown, boolean>) {
    this.#rules = rules
    this.#plain = plain
    this.#strips = rules.ending === 'either'
  }

  get buffered(): number {
    return this.#plain.buffered + this.#chunk.length - this.#at - this.#taken()
  }

  push(chunk: Uint8Array, emit: Emit): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    if (this.#at === this.#chunk.length) {
      this.#chunk = Buffer.isBuffer(chunk) ? chunk : buffer(chunk)
      this.#at = 0
    } else if (chunk.length > 0) this.#appendWhileStopped(chunk)
    return this.#run(emit)
  }

  end(emit: Emit): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    const result = this.#run(emit)
    return this.#stopped || E.isLeft(result) ? result : this.#answer(this.#plain.end(emit))
  }

  unread(): Uint8Array {
    if (this.#inRegion) this.#leaveRegion()
    const kept = this.#plain.unread()
    const rest = this.#chunk.subarray(this.#at)
    this.#plain.passed(rest.length)
    this.#drop()
    return kept.length === 0 ? rest : Buffer.concat([kept, rest])
  }

  /** Goes on until the bytes run out, a stop, or an error. */
  #run(emit: Emit): E.Either<DecodeError, void> {
    this.#emit = emit
    this.#stopped = false
    let result = DONE as E.Either<DecodeError, void>
    if (this.#plainStopped) result = this.#toPlain(this.#at)
    while (!this.#stopped && this.#at < this.#chunk.length) {
      if (E.isLeft(result)) break
      if (this.#inRegion || this.#openRegion()) {
        if (this.#rules.encoding === 'bytes' ? this.#runBytes() : this.#runText()) this.#leaveRegion()
        else if (!this.#stopped) result = this.#overLong()
      } else result = this.#toPlain(this.#plainEnd())
    }
    if (this.#at === this.#chunk.length) this.#drop()
    return this.#answer(result)
  }

  /** Finds whole lines that the fast path can take, if any. */
  #openRegion(): boolean {
    if (!this.#plain.atBorder) return false
    const chunk = this.#chunk
    const end = chunk.lastIndexOf(LF) + 1
    if (end <= this.#at) return false
    const { encoding, maxFrameBytes } = this.#rules
    if (encoding !== 'bytes') {
      const region = chunk.subarray(this.#at, end)
      this.#oneByte = encoding === 'latin1' || isAscii(region)
      // where characters have several bytes, lines are not measured one by one
      if (!this.#oneByte && (region.length > maxFrameBytes || !this.#rules.valid(region))) return false
      this.#text = region.toString(this.#oneByte ? 'latin1' : 'utf8')
    }
    this.#inRegion = true
    this.#read = 0
    return true
  }

  /** `true` at the end of the region; else stopped, or before a line over the limit. */
  #runText(): boolean {
    const text = this.#text
    const emit = this.#emit
    const limit = this.#rules.maxFrameBytes
    const values = this.#rules.values
    let from = this.#read
    for (let lf = text.indexOf('\n', from); lf !== -1; lf = text.indexOf('\n', from)) {
      if (lf - from >= limit) return false
      const to = this.#strips && lf > from && text.charCodeAt(lf - 1) === CR ? lf - 1 : lf
      const line = text.slice(from, to)
      from = lf + 1
      this.#read = from
      if (!emit(values ? E.right(line) : line)) {
        this.#stopped = true
        return false
      }
    }
    return true
  }

  #runBytes(): boolean {
    const chunk = this.#chunk
    const emit = this.#emit
    const limit = this.#rules.maxFrameBytes
    const values = this.#rules.values
    const memory = chunk.buffer
    const base = chunk.byteOffset
    let from = this.#at + this.#read
    for (let lf = chunk.indexOf(LF, from); lf !== -1; lf = chunk.indexOf(LF, from)) {
      if (lf - from >= limit) return false
      const to = this.#strips && lf > from && chunk[lf - 1] === CR ? lf - 1 : lf
      const line = new Uint8Array(memory, base + from, to - from)
      from = lf + 1
      this.#read = from - this.#at
      if (!emit(values ? E.right(line) : line)) {
        this.#stopped = true
        return false
      }
    }
    return true
  }

  /** Hands a line over the limit, and the rest of its chunk, to the plain decoder, which knows the policy. */
  #overLong(): E.Either<DecodeError, void> {
    this.#leaveRegion()
    return this.#toPlain(this.#chunk.length)
  }

  /** The first error is the last word (R17). */
  #answer(result: E.Either<DecodeError, void>): E.Either<DecodeError, void> {
    if (E.isLeft(result)) {
      this.#failure = result
      this.#drop()
    }
    return result
  }

  /** The emitted lines of the region are behind us; what is left of it goes its own way. */
  #leaveRegion(): void {
    const taken = this.#taken()
    this.#at += taken
    this.#plain.passed(taken)
    this.#inRegion = false
    this.#text = ''
  }

  /** The bytes of the region that are emitted. */
  #taken(): number {
    if (!this.#inRegion) return 0
    return this.#oneByte ? this.#read : Buffer.byteLength(this.#text.slice(0, this.#read))
  }

  /** How far the plain decoder has to go: to the end of the line it is in, or through all of the rest. */
  #plainEnd(): number {
    const lf = this.#plain.atBorder ? -1 : this.#chunk.indexOf(LF, this.#at)
    return lf === -1 ? this.#chunk.length : lf + 1
  }

  #toPlain(end: number): E.Either<DecodeError, void> {
    const bytes = this.#chunk.subarray(this.#at, end)
    this.#at = end
    const result = this.#plain.push(bytes, this.#forward)
    this.#plainStopped = this.#stopped
    return result
  }

  /** Nobody should push while stopped; who does loses nothing. */
  #appendWhileStopped(chunk: Uint8Array): void {
    if (this.#inRegion) this.#leaveRegion()
    this.#chunk = Buffer.concat([this.#chunk.subarray(this.#at), chunk])
    this.#at = 0
  }

  #drop(): void {
    this.#chunk = NOTHING
    this.#at = 0
    this.#inRegion = false
    this.#text = ''
  }
}
