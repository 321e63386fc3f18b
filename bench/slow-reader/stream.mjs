/**
 * What the sender sends and the reader expects: blocks of lines of varying length, each block stamped with the
 * number of its stream and its own, so that a byte lost, doubled, moved or sent to another is seen.
 */
const LENGTHS = [32, 100, 7, 250, 61, 0, 1000, 45, 130, 512]
const BLOCK_LINES = 300

const STAMP = '00000000 00000000'
const LONGEST = Math.max(...LENGTHS)

/** The most bytes a line takes, as the proxies write it. */
export const LONGEST_LINE = LONGEST + 3

/** @param {string} prefix what stands before every line */
const blockOf = (prefix) => {
  let text = `${prefix}${STAMP}\n`
  for (let i = 0; i < BLOCK_LINES; i++) {
    const length = LENGTHS[i % LENGTHS.length] ?? 0
    text += prefix + `${i} abcdefghijklmnopqrstuvwxyz0123456789 `.repeat(1 + length / 30).slice(0, length) + '\n'
  }
  return Buffer.from(text)
}

const SENT = blockOf('')
const QUOTED = blockOf('> ')

/** What the proxies make of a line. */
export const QUOTE = '> '

export const BLOCK_BYTES = SENT.length
export const QUOTED_BLOCK_BYTES = QUOTED.length

/**
 * @param {Buffer} template
 * @param {number} at where the stamp stands
 * @param {number} stream
 * @param {number} block
 */
const stamped = (template, at, stream, block) => {
  const bytes = Buffer.from(template)
  bytes.write(`${String(stream).padStart(8, '0')} ${String(block).padStart(8, '0')}`, at, 'latin1')
  return bytes
}

/**
 * @param {number} stream
 * @param {number} block
 */
export const sentBlock = (stream, block) => stamped(SENT, 0, stream, block)

/**
 * The same block as it comes out of the proxy.
 *
 * @param {number} stream
 * @param {number} block
 */
export const quotedBlock = (stream, block) => stamped(QUOTED, QUOTE.length, stream, block)

/** Compares what arrives, however it is cut, with what must arrive. */
export class Verifier {
  #stream = -1
  #block = 0
  #at = 0
  #head = Buffer.alloc(0)
  /** @type {Buffer} */
  #expected = Buffer.alloc(0)
  /** Bytes that were right. */
  verified = 0
  /** The first byte that was wrong, or -1. */
  wrongAt = -1

  get stream() {
    return this.#stream
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    if (this.wrongAt !== -1) return
    let rest = chunk
    if (this.#stream === -1) {
      this.#head = Buffer.concat([this.#head, chunk])
      if (this.#head.length < QUOTE.length + 8) return
      this.#stream = Number(this.#head.toString('latin1', QUOTE.length, QUOTE.length + 8))
      this.#expected = quotedBlock(this.#stream, 0)
      rest = this.#head
    }
    while (rest.length > 0) {
      if (this.#at === this.#expected.length) {
        this.#expected = quotedBlock(this.#stream, ++this.#block)
        this.#at = 0
      }
      const size = Math.min(rest.length, this.#expected.length - this.#at)
      if (rest.compare(this.#expected, this.#at, this.#at + size, 0, size) !== 0) {
        this.wrongAt = this.verified
        return
      }
      this.#at += size
      this.verified += size
      rest = rest.subarray(size)
    }
  }
}
