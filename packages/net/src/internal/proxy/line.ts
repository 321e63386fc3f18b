import type { StepResult } from '@sluice/protocol'
import { fail, frame, more, refuse, TooLong } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { isIP } from '../../addresses.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { ProxyAnnouncement, ProxyHeader } from '../../proxyAnnouncement.ts'
import { endsOf } from './ends.ts'
import { ipBytes, ipText } from './ip.ts'
import { LINE_BEGINS, MOST_LINE_BYTES } from './types.ts'

const CR = 0x0d
const LF = 0x0a

/** Version 1: the bytes begin with `PROXY `, and up to `scanned` there is no end of the line (section 2.1). */
export const readLine = (bytes: Uint8Array, scanned: number, offset: number): StepResult<ProxyHeader> => {
  const end = Math.min(bytes.length, MOST_LINE_BYTES)
  for (let i = Math.max(scanned, LINE_BEGINS.length); i < end; i++) {
    if (bytes[i] === LF) return fail('a PROXY line that ends in LF alone', i)
    if (bytes[i] !== CR) continue
    if (i + 1 === MOST_LINE_BYTES) break
    if (i + 1 === bytes.length) return more(i, 'PROXY header')
    if (bytes[i + 1] !== LF) return fail('a CR without its LF in a PROXY line', i + 1)
    return readFields(Buffer.from(bytes.subarray(0, i)).toString('latin1'))
  }
  return end < MOST_LINE_BYTES ? more(end, 'PROXY header') : refuse(tooLong(bytes, offset))
}

const tooLong = (bytes: Uint8Array, offset: number): TooLong =>
  new TooLong({ limit: MOST_LINE_BYTES, seen: MOST_LINE_BYTES, bytes: bytes.slice(0, 64), offset, fault: 'remote' })

/** The line is there, without its end. */
const readFields = (line: string): StepResult<ProxyHeader> => {
  const fields = line.split(' ')
  const [, family, source = '', destination = '', from = '', to = ''] = fields
  if (family === 'UNKNOWN') return frame(headerOf('unknown'), line.length + 2)
  const wrong = (what: string, field: number): StepResult<ProxyHeader> =>
    fail(what, fields.slice(0, field).join(' ').length + 1)
  if (family !== 'TCP4' && family !== 'TCP6') return wrong('a family that is not TCP4, TCP6 or UNKNOWN', 1)
  if (fields.length !== FIELDS) return fail(`${String(fields.length)} fields in a PROXY line, and not six`, line.length)
  const sourceBytes = addressOf(source, family)
  if (sourceBytes === null) return wrong(`a source that is no address of ${family}`, 2)
  const destinationBytes = addressOf(destination, family)
  if (destinationBytes === null) return wrong(`a destination that is no address of ${family}`, 3)
  if (!isPort(from)) return wrong('a source port that is not 0 to 65535', 4)
  if (!isPort(to)) return wrong('a destination port that is not 0 to 65535', 5)
  const end = (address: Uint8Array, port: string): Endpoint => ({
    family: family === 'TCP4' ? 'IPv4' : 'IPv6',
    address: ipText(address),
    port: Number(port),
  })
  return frame(headerOf('stream', end(sourceBytes, from), end(destinationBytes, to)), line.length + 2)
}

const FIELDS = 6

const headerOf = (transport: 'stream' | 'unknown', source?: Endpoint, destination?: Endpoint): ProxyHeader => ({
  version: 1,
  command: 'proxy',
  transport,
  source,
  destination,
  tlvs: [],
})

const addressOf = (text: string, family: 'TCP4' | 'TCP6'): Uint8Array | null =>
  isIP(text) === (family === 'TCP4' ? 4 : 6) ? ipBytes(text) : null

/** Digits alone, none of them a leading zero. */
const isPort = (text: string): boolean => /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 0xffff

/** `Left` says what is wrong with it. */
export const writeLine = (announcement: ProxyAnnouncement): E.Either<string, Uint8Array> => {
  const { command = 'proxy', transport, tlvs = [] } = announcement
  if (command !== 'proxy') return E.left('a command that version 1 has no word for')
  if (tlvs.length !== 0) return E.left('TLVs, which version 1 has not')
  const ends = endsOf(announcement)
  if (E.isLeft(ends)) return ends
  if (ends.right === null) {
    return (transport ?? 'unknown') === 'unknown' ? E.right(Buffer.from('PROXY UNKNOWN\r\n')) : E.left('no endpoints')
  }
  const { family, source, destination } = ends.right
  if (family === 'unix') return E.left('Unix sockets, which version 1 has not')
  if ((transport ?? 'stream') !== 'stream') return E.left('a transport that is not TCP, and version 1 has no other')
  const texts = [ipText(source.address), ipText(destination.address), source.port, destination.port]
  return E.right(Buffer.from(`PROXY ${family === 'IPv4' ? 'TCP4' : 'TCP6'} ${texts.join(' ')}\r\n`))
}
