import { isIP } from 'node:net'

/** One element of DER (X.690): its tag, its length, what is in it. */
export const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const digits = length.subarray(length.findIndex((digit) => digit !== 0))
  return Buffer.concat([Buffer.from([tag, 0x80 + digits.length]), digits, content])
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)

export const octets = (bytes: Buffer): Buffer => der(0x04, bytes)

/** Bits that fill their bytes. */
export const bits = (bytes: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), bytes)

export const TRUE = der(0x01, Buffer.from([0xff]))

/** An object identifier, as it stands on the wire. */
export const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))

/** `CN=name`. */
export const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))))

const FIRST_GENERALIZED = Date.UTC(2050, 0)

/** `YYMMDDHHMMSSZ`, and with four digits of the year from 2050 on (RFC 5280, 4.1.2.5). */
export const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/\D/g, '').slice(0, 14)
  const short = date.getTime() < FIRST_GENERALIZED
  return der(short ? 0x17 : 0x18, Buffer.from(`${short ? digits.slice(2) : digits}Z`))
}

/** Names and addresses as a certificate has them (RFC 5280, 4.2.1.6). */
export const generalNames = (names: readonly string[]): Buffer =>
  sequence(...names.map((name) => (isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, addressBytes(name)))))

const addressBytes = (address: string): Buffer => (isIP(address) === 4 ? fourBytes(address) : sixteenBytes(address))

const fourBytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number))

const sixteenBytes = (address: string): Buffer => {
  const mapped = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)
  const last = mapped === null ? null : fourBytes(mapped[2] ?? '').toString('hex')
  const text = last === null ? address : `${mapped?.[1] ?? ''}${last.slice(0, 4)}:${last.slice(4)}`
  const [head = '', tail] = text.split('::')
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
