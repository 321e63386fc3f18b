// Each pair: the bare loop that does the least there is to do, and ours. `most`: how many times as long ours may take,
// generously, for `npm run bench:check`.
import { byteQueue, decode, lengthPrefixed, lines, mapAsync } from 'sluice'
import { from, map, of } from 'rxjs'

const LF = 10
const FRAMES = 1024
const slab = Buffer.allocUnsafeSlow(1024 * 1024)

/** What a loop leaves here is looked at, so that no compiler leaves the loop out. */
export const kept = { last: /** @type {unknown} */ (null), count: 0 }
const keep = (/** @type {unknown} */ message) => {
  kept.last = message
  kept.count++
  return true
}

/** @param {string} text */
const repeated = (text) => Buffer.from(text.repeat(FRAMES))
const LINE = 'the quick brown fox jumps over!'
const short = repeated(`${LINE}\n`)
const long = repeated(`${'x'.repeat(511)}\n`)
const crlf = repeated(`${LINE}\r\n`)
const wide = repeated('thé quick brown fox jumps over\n')
const framed = Buffer.concat(Array.from({ length: FRAMES }, () => Buffer.from(`\0\0\0 ${LINE}!`)))

/** @param {Buffer} bytes @param {number} size */
const cut = (bytes, size) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

/** Text decoded once, and sliced. @param {Buffer} chunk */
const sliced = (chunk) => {
  const text = chunk.latin1Slice(0, chunk.length)
  let start = 0
  for (let lf = text.indexOf('\n'); lf !== -1; lf = text.indexOf('\n', start)) {
    keep(text.slice(start, lf))
    start = lf + 1
  }
}

/** Views of lines. @param {Buffer} chunk */
const viewed = (chunk) => {
  const { buffer, byteOffset } = chunk
  let start = 0
  for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
    keep(new Uint8Array(buffer, byteOffset + start, lf - start))
    start = lf + 1
  }
}

/** Views of frames. @param {Buffer} chunk */
const measured = (chunk) => {
  const { buffer, byteOffset, length } = chunk
  let at = 0
  while (length - at >= 4) {
    const size = ((chunk[at] << 24) | (chunk[at + 1] << 16) | (chunk[at + 2] << 8) | chunk[at + 3]) >>> 0
    keep(new Uint8Array(buffer, byteOffset + at + 4, size))
    at += 4 + size
  }
}

/** @param {readonly string[]} texts */
const joined = (texts) => {
  let all = ''
  for (const text of texts) all += `${text}\n`
  kept.count += texts.length
  kept.last = slab.write(all, 0, 'utf8')
}

/** @param {readonly Uint8Array[]} payloads */
const copied = (payloads) => {
  let at = 0
  for (const payload of payloads) {
    const size = payload.length
    slab[at] = size >>> 24
    slab[at + 1] = size >>> 16
    slab[at + 2] = size >>> 8
    slab[at + 3] = size
    slab.set(payload, at + 4)
    at += 4 + size
    kept.count++
  }
  kept.last = at
}

/** @template A @param {import('sluice').Protocol<A, any>} protocol @param {readonly Buffer[]} chunks */
const decoding = (protocol, ...chunks) => {
  const decoder = protocol.decoder()
  return () => {
    for (const chunk of chunks) decoder.push(chunk, keep)
  }
}

/** @template A @param {import('sluice').Protocol<any, A>} protocol @param {readonly A[]} messages */
const encoding = (protocol, messages) => {
  const queue = byteQueue(() => slab)
  return () => {
    for (const message of messages) protocol.encode(message, queue)
    kept.count += messages.length
    kept.last = queue.takeParts()
  }
}

/** @param {(chunks$: import('rxjs').Observable<Uint8Array>) => import('rxjs').Observable<unknown>} pipeline @param {readonly Buffer[]} chunks */
const piping =
  (pipeline, ...chunks) =>
  () => {
    pipeline(from(chunks)).subscribe(keep)
  }

const texts = Array.from({ length: FRAMES }, (_, i) => `${LINE.slice(4)}${String(i).padStart(4, '0')}`)
const bytes = texts.map((text) => new Uint8Array(Buffer.from(text)))

/** @type {Readonly<Record<string, { bare: () => void, ours: () => void, most: number }>>} */
export const PAIRS = {
  'lines(), 32 bytes': { bare: () => sliced(short), ours: decoding(lines(), short), most: 2 },
  'lines(), 512 bytes': { bare: () => sliced(long), ours: decoding(lines(), long), most: 2 },
  'lines(), 32 bytes, chunks of 500': {
    bare: () => cut(short, 512).forEach(sliced),
    ours: () => {
      for (const chunk of cut(short, 500)) cutLines.push(chunk, keep)
    },
    most: 5,
  },
  "lines({ ending: 'crlf' })": { bare: () => sliced(crlf), ours: decoding(lines({ ending: 'crlf' }), crlf), most: 2 },
  "lines({ ending: 'strict' })": {
    bare: () => sliced(crlf),
    ours: decoding(lines({ ending: 'strict' }), crlf),
    most: 2.5,
  },
  'lines(), not ASCII': { bare: () => sliced(wide), ours: decoding(lines(), wide), most: 7 },
  "lines({ encoding: 'bytes' })": {
    bare: () => viewed(short),
    ours: decoding(lines({ encoding: 'bytes' }), short),
    most: 2,
  },
  'lengthPrefixed()': { bare: () => measured(framed), ours: decoding(lengthPrefixed(), framed), most: 2 },
  'lines().encode': { bare: () => joined(texts), ours: encoding(lines(), texts), most: 4 },
  "lines({ encoding: 'bytes' }).encode": {
    bare: () => copied(bytes),
    ours: encoding(lines({ encoding: 'bytes' }), bytes),
    most: 6,
  },
  'lengthPrefixed().encode': { bare: () => copied(bytes), ours: encoding(lengthPrefixed(), bytes), most: 4 },
  'decode(lines())': { bare: () => sliced(short), ours: piping(decode(lines()), short), most: 3.5 },
  'decode(lines()), map': {
    bare: () => sliced(short),
    ours: piping(
      (chunks$) =>
        chunks$.pipe(
          decode(lines()),
          map((line) => line),
        ),
      short,
    ),
    most: 5,
  },
  'decode(lines()), mapAsync': {
    bare: () => sliced(short),
    ours: piping(
      (chunks$) =>
        chunks$.pipe(
          decode(lines()),
          mapAsync(4, (line) => of(line)),
        ),
      short,
    ),
    most: 80,
  },
}
const cutLines = lines().decoder()
