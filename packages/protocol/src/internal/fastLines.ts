import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import type { Decoder } from '../protocol.ts'
import { isAsciiBetween, view } from './ascii.ts'
import type { LineRules } from './lineRules.ts'
import { buffer } from './lineRules.ts'
import type { StepDecoder } from './stepDecoder.ts'
import { DONE } from './stepDecoder.ts'

const CR = 13
const LF = 10
const NOTHING = Buffer.alloc(0)
/** The longest beginning of a line that is kept as text until the rest of it comes. */
const LONGEST_HEAD = 1024

type Emit = (line: unknown) => boolean

/**
 * The whole-chunk path: the text between two frame borders of a chunk is decoded once and sliced. Whatever
 * is unusual (invalid text, a line over the limit or over several chunks, a bare CR or LF where `strict`, the
 * end of the stream) goes through the plain decoder, so there is one definition of it.
 *
 * ```
 *  chunk   g LF a n n LF h i CR LF  b y
 *          ───────────┬───────────  ─┬─
 *     decoded once, and sliced:      kept as text: the head of a line,
 *     'ang', 'ann', 'hi'             as 'an' was of the first one
 * ```
 */
export const fastLines = (rules: LineRules, plain: StepDecoder<unknown, boolean>): Decoder<unknown> =>
  new FastLines(rules, plain)

class FastLines implements Decoder<unknown> {
  readonly copies: boolean
  readonly #rules: LineRules
  readonly #plain: StepDecoder<unknown, boolean>
  /** Whether a CR before the LF is no part of the line, and whether an LF without one ends none. */
  readonly #strips: boolean
  readonly #needsCr: boolean
  /** Whether a line has no other CR or LF. */
  readonly #strict: boolean
  /** The bytes not yet given to either path are those from `#at` on. */
  #chunk: Buffer = NOTHING
  #at = 0
  /** Whether the memory of the chunk is the caller's, who may use it again. */
  #borrowed = false
  /** Whether the fast path is in a region: the whole lines from `#at` to the last ending in the chunk. */
  #inRegion = false
  /** The region as text, unless `bytes`. */
  #text = ''
  /** The beginning of a line, from the chunk before: ASCII, or text of one byte a character, and no CR or LF that matters. */
  #head = ''
  /** Behind the last ending of the chunk, where it was looked for last. */
  #end = 0
  /** How many characters (`bytes`: bytes) of the region are emitted. */
  #read = 0
  /** How many of those characters were measured, and the bytes they take: asked after each line, each is measured once. */
  #measured = 0
  #measuredBytes = 0
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
    this.copies = rules.encoding !== 'bytes'
    this.#strips = rules.ending !== 'lf'
    this.#strict = rules.ending === 'strict'
    this.#needsCr = this.#strict || rules.ending === 'crlf'
  }

  get buffered(): number {
    return this.#plain.buffered + this.#head.length + this.#chunk.length - this.#at - this.#taken()
  }

  push(chunk: Uint8Array, emit: Emit): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    if (this.#at === this.#chunk.length) {
      this.#chunk = Buffer.isBuffer(chunk) ? chunk : buffer(chunk)
      this.#at = 0
      this.#borrowed = this.copies
    } else if (chunk.length > 0) this.#appendWhileStopped(chunk)
    return this.#run(emit)
  }

  end(emit: Emit): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    const result = this.#run(emit)
    if (this.#stopped || E.isLeft(result)) return result
    this.#headToPlain()
    return this.#answer(this.#plain.end(emit))
  }

  unread(): Uint8Array {
    if (this.#inRegion) this.#leaveRegion()
    this.#headToPlain()
    const kept = this.#plain.unread()
    this.#keepRest()
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
        else if (!this.#stopped) result = this.#unusual()
      } else if (!this.#keepHead()) result = this.#toPlain(this.#plainEnd())
    }
    if (this.#at === this.#chunk.length) this.#drop()
    else this.#keepRest()
    return this.#answer(result)
  }

  /** What is left of a chunk whose memory is used again. */
  #keepRest(): void {
    if (!this.#borrowed) return
    this.#borrowed = false
    this.#chunk = Buffer.from(this.#chunk.subarray(this.#at))
    this.#end -= this.#at
    this.#at = 0
  }

  /** Finds whole lines that the fast path can take, if any. */
  #openRegion(): boolean {
    if (!this.#plain.atBorder) return false
    const chunk = this.#chunk
    const from = this.#at
    const end = this.#lastEnd()
    this.#end = end
    if (end <= from) return false
    const { encoding, maxFrameBytes } = this.#rules
    if (encoding !== 'bytes') {
      this.#oneByte = encoding === 'latin1' || isAsciiBetween(chunk, from, end)
      // where characters have several bytes, lines are not measured one by one
      const most = maxFrameBytes - this.#head.length
      if (!this.#oneByte && (end - from > most || !this.#rules.valid(view(chunk, from, end)))) return false
      this.#text = chunk.toString(this.#oneByte ? 'latin1' : 'utf8', from, end)
    }
    this.#inRegion = true
    this.#read = this.#measured = this.#measuredBytes = 0
    return true
  }

  /** Behind the last ending of the chunk that is not taken yet; 0 if there is none. */
  #lastEnd(): number {
    const chunk = this.#chunk
    let lf = chunk.length - 1
    if (chunk[lf] !== LF) lf = chunk.lastIndexOf(LF)
    if (!this.#needsCr) return lf + 1
    while (lf > this.#at && chunk[lf - 1] !== CR) lf = chunk.lastIndexOf(LF, lf - 1)
    return lf > this.#at ? lf + 1 : 0
  }

  /** `true` at the end of the region; else stopped, or before a line that is unusual. */
  #runText(): boolean {
    const text = this.#text
    const emit = this.#emit
    const limit = this.#rules.maxFrameBytes
    const values = this.#rules.values
    let from = this.#read
    let lf = text.indexOf('\n', from)
    for (; lf !== -1; lf = text.indexOf('\n', lf + 1)) {
      if (lf - from >= limit) return false
      const afterCr = lf > from && text.charCodeAt(lf - 1) === CR
      if (this.#needsCr) {
        if (this.#strict && (!afterCr || text.indexOf('\r', from) !== lf - 1)) return false
        if (!afterCr) continue
      }
      let line = text.slice(from, afterCr && this.#strips ? lf - 1 : lf)
      if (this.#head !== '') {
        if (this.#head.length + lf - from >= limit) return false
        line = this.#takeHead() + line
      }
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
    let lf = chunk.indexOf(LF, from)
    for (; lf !== -1; lf = chunk.indexOf(LF, lf + 1)) {
      if (lf - from >= limit) return false
      const afterCr = lf > from && chunk[lf - 1] === CR
      if (this.#needsCr) {
        if (this.#strict && (!afterCr || chunk.indexOf(CR, from) !== lf - 1)) return false
        if (!afterCr) continue
      }
      const line = new Uint8Array(memory, base + from, (afterCr && this.#strips ? lf - 1 : lf) - from)
      from = lf + 1
      this.#read = from - this.#at
      if (!emit(values ? E.right(line) : line)) {
        this.#stopped = true
        return false
      }
    }
    return true
  }

  /** Keeps a line begun at the end of the chunk, if it is short and plain, so that its rest finds it as text. */
  #keepHead(): boolean {
    const chunk = this.#chunk
    const from = this.#at
    const { encoding, maxFrameBytes } = this.#rules
    const size = chunk.length - from
    if (encoding === 'bytes' || this.#head !== '' || !this.#plain.atBorder || this.#end > from) return false
    if (size > LONGEST_HEAD || size >= maxFrameBytes || chunk[chunk.length - 1] === CR) return false
    if (this.#needsCr && (chunk.indexOf(LF, from) !== -1 || chunk.indexOf(CR, from) !== -1)) return false
    if (encoding !== 'latin1' && !isAsciiBetween(chunk, from, chunk.length)) return false
    this.#head = chunk.toString('latin1', from)
    this.#at = chunk.length
    return true
  }

  /** The rest of the line has come. */
  #takeHead(): string {
    const head = this.#head
    this.#head = ''
    this.#plain.passed(head.length)
    return head
  }

  /** The plain decoder goes on from there: it emits nothing yet, as no line is whole. */
  #headToPlain(): void {
    if (this.#head === '') return
    this.#plain.push(Buffer.from(this.#head, 'latin1'), this.#forward)
    this.#head = ''
  }

  /** Hands a line, and the rest of its chunk, to the plain decoder, which knows the policy. */
  #unusual(): E.Either<DecodeError, void> {
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
    if (this.#oneByte) return this.#read
    this.#measuredBytes += Buffer.byteLength(this.#text.slice(this.#measured, this.#read))
    this.#measured = this.#read
    return this.#measuredBytes
  }

  /** How far the plain decoder has to go: to the end of the line it is in, or through all of the rest. */
  #plainEnd(): number {
    const lf = this.#plain.atBorder ? -1 : this.#chunk.indexOf(LF, this.#at)
    return lf === -1 ? this.#chunk.length : lf + 1
  }

  #toPlain(end: number): E.Either<DecodeError, void> {
    this.#headToPlain()
    const bytes = view(this.#chunk, this.#at, end)
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
    this.#borrowed = false
  }

  #drop(): void {
    this.#chunk = NOTHING
    this.#at = 0
    this.#borrowed = false
    this.#inRegion = false
    this.#text = ''
  }
}
