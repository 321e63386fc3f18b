import { WrongOption } from '../errors.ts'
import { fieldBytes, fieldsProblem, isToken, writeFields } from '../internal/fields.ts'
import type { HeaderRules } from '../internal/headerStep.ts'
import { headerStep } from '../internal/headerStep.ts'
import { expression, limitOption, wholeOption } from '../internal/options.ts'
import { NO_BYTES, notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE, stepDecoder } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import type { Fields, HeaderFrame } from './headerFrame.ts'

/** Options of {@link headerFramed}. */
export interface HeaderFramedOptions {
  /** The field that says how many bytes the body has, in any case. Default `Content-Length`. */
  readonly lengthHeader?: string
  /**
   * The most bytes the header block may take, its empty line included. Default 8 KiB (8,192), or `maxFrameBytes`
   * where that is less: what has no end yet is to be given up early.
   */
  readonly maxHeaderBytes?: number
  /** The most bytes a frame may take on the wire, header block and body. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
}

/** What {@link headerFramed} does unless told. */
export const HEADER_FRAMED_DEFAULTS = {
  lengthHeader: 'Content-Length',
  maxHeaderBytes: 8 * 1024,
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies HeaderFramedOptions

/**
 * A block of header fields that says how long the body behind it is: the base protocol of LSP and DAP.
 *
 * ```
 *  bytes    C o n t e n t - L e n g t h : 2 CR LF  CR LF  h i  C o n …
 *  emits    { headers: [], body: 'hi' }            unread: C o n …
 * ```
 *
 * A field is a name (a token), a colon, and a value in Latin-1, blanks around it dropped. There is one length and
 * one only: a block without it, with two, or with anything but digits is `Malformed`; so are a line without a colon,
 * a control character, and a bare CR or LF. Values are never folded.
 *
 * Errors while decoding, the `remote` side's fault: `TooLong` (a block over `maxHeaderBytes`, a frame over
 * `maxFrameBytes`) · `Malformed` · `Truncated` (phase `header block` or `body`). While encoding, `local`:
 * `NotEncodable` (a wrong field, or one that says the length) · `TooLong`.
 * Throws `WrongOption` for a length header that is no token, and limits that leave no room.
 *
 * ```ts
 * import { byteQueue, headerFramed } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * headerFramed().encode({ headers: [['X-Id', '7']], body: Buffer.from('{}') }, out)
 * console.log(JSON.stringify(Buffer.from(out.take()).toString())) // "Content-Length: 2\r\nX-Id: 7\r\n\r\n{}"
 * ```
 *
 * Source: Language Server Protocol 3.17, "Base Protocol"; RFC 9112 section 5 (fields), RFC 9110 section 5.5 (values).
 */
export const headerFramed = (options: HeaderFramedOptions = {}): Protocol<HeaderFrame> => {
  const name = expression('headerFramed', options)
  const defaults = HEADER_FRAMED_DEFAULTS
  const lengthHeader = options.lengthHeader ?? defaults.lengthHeader
  if (!isToken(lengthHeader))
    throw new WrongOption(name, 'lengthHeader', lengthHeader, 'a token (RFC 9110 section 5.1)')
  const least = headBytes(lengthHeader, [], 0)
  const maxFrameBytes = limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, least)
  const fallback = Math.min(defaults.maxHeaderBytes, maxFrameBytes)
  const bounds = { least, most: maxFrameBytes }
  const maxHeaderBytes = wholeOption(name, 'maxHeaderBytes', options.maxHeaderBytes, fallback, bounds)
  const rules = { lengthHeader, maxHeaderBytes, maxFrameBytes }
  const source = { maxFrameBytes, initial: undefined, step: headerStep(rules) }
  return { name, decoder: () => stepDecoder(source), encode: headerEncoder(name, rules) }
}

const headBytes = (lengthHeader: string, headers: Fields, bodyBytes: number): number =>
  fieldBytes(headers) + fieldBytes([[lengthHeader, String(bodyBytes)]]) + 2

const headerEncoder = (protocol: string, rules: HeaderRules): Protocol<HeaderFrame>['encode'] => {
  const { lengthHeader, maxHeaderBytes, maxFrameBytes } = rules
  const lengthName = lengthHeader.toLowerCase()
  return (message, out) => {
    const { headers, body } = message
    if (!(body instanceof Uint8Array)) return notEncodable(protocol, message, NO_BYTES)
    const wrong = fieldsProblem(headers)
    if (wrong !== null) return notEncodable(protocol, message, wrong)
    if (headers.some(([name]) => name.toLowerCase() === lengthName)) {
      return notEncodable(protocol, message, `a field ${lengthHeader}, which the body alone says`)
    }
    const head = headBytes(lengthHeader, headers, body.length)
    const total = head + body.length
    if (total > maxFrameBytes) return overLimit(maxFrameBytes, total, body)
    if (head > maxHeaderBytes) return overLimit(maxHeaderBytes, head, body)
    writeFields([[lengthHeader, String(body.length)]], out)
    writeFields(headers, out)
    out.latin1('\r\n')
    out.bytes(body)
    return DONE
  }
}
