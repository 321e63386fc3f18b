import * as E from 'fp-ts/lib/Either.js'
import type { ByteWriter, Element, NestedOptions, Protocol } from '../src/index.ts'
import { branch, fail, leaf, more, need, nested, wholeNumber } from '../src/index.ts'

/** A value of RESP2, the protocol of Redis. */
export type Resp =
  | { readonly _tag: 'Simple' | 'Error'; readonly text: string }
  | { readonly _tag: 'Integer'; readonly value: number }
  | { readonly _tag: 'Bulk'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Null' | 'NullArray' }
  | { readonly _tag: 'Array'; readonly items: ReadonlyArray<Resp> }

const LF = 10
const CR = 13

const array = (items: ReadonlyArray<Resp>): Resp => ({ _tag: 'Array', items })

/** `-1` or digits. */
const count = (text: string): number => (text === '-1' ? -1 : wholeNumber(text))

const element: Element<Resp> = (bytes, scanned) => {
  const lf = bytes.indexOf(LF, scanned)
  const line = lf === -1 ? bytes : bytes.subarray(0, lf)
  if (!'+-:$*'.includes(String.fromCharCode(bytes[0] ?? 0))) return fail('an element of no type', 0)
  if (lf === -1) return more(line.length, 'line')
  if (bytes[lf - 1] !== CR) return fail('an LF without CR', lf)
  const text = Buffer.from(bytes.subarray(1, lf - 1)).toString('latin1')
  const next = lf + 1
  switch (bytes[0] ?? 0) {
    case 0x2b:
      return leaf({ _tag: 'Simple', text }, next)
    case 0x2d:
      return leaf({ _tag: 'Error', text }, next)
    case 0x3a:
      return /^-?\d{1,15}$/.test(text)
        ? leaf({ _tag: 'Integer', value: Number(text) }, next)
        : fail('an integer that is none', lf)
    case 0x24:
      return bulk(bytes, next, count(text))
    default:
      // an array
      return text === '-1' ? leaf({ _tag: 'NullArray' }, next) : branch(count(text), next, array)
  }
}

const bulk = (bytes: Uint8Array, start: number, length: number) => {
  if (length === -1) return leaf<Resp>({ _tag: 'Null' }, start)
  if (Number.isNaN(length)) return fail('a bulk length that is none', start - 1)
  const total = start + length + 2
  if (bytes.length < total) return need(total, 'bulk string')
  if (bytes[total - 2] !== CR || bytes[total - 1] !== LF) return fail('a bulk string without its end', total - 1)
  return leaf<Resp>({ _tag: 'Bulk', bytes: bytes.subarray(start, total - 2) }, total)
}

const encode = (value: Resp, out: ByteWriter): E.Either<never, ReadonlyArray<Resp>> => {
  switch (value._tag) {
    case 'Simple':
      out.latin1(`+${value.text}\r\n`)
      break
    case 'Error':
      out.latin1(`-${value.text}\r\n`)
      break
    case 'Integer':
      out.latin1(`:${String(value.value)}\r\n`)
      break
    case 'Null':
      out.latin1('$-1\r\n')
      break
    case 'NullArray':
      out.latin1('*-1\r\n')
      break
    case 'Bulk':
      out.latin1(`$${String(value.bytes.length)}\r\n`)
      out.bytes(value.bytes)
      out.latin1('\r\n')
      break
    case 'Array':
      out.latin1(`*${String(value.items.length)}\r\n`)
      return E.right(value.items)
  }
  return E.right([])
}

type Limits = Pick<NestedOptions<Resp>, 'maxDepth' | 'maxElements' | 'maxFrameBytes'>

/** RESP2 as {@link nested} reads and writes it. */
export const resp = (limits: Limits = {}): Protocol<Resp> => nested({ name: 'resp()', element, encode, ...limits })
