import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

/** Who it is for, and how long it is good. */
export interface Subject {
  readonly name?: string
  /** Names and IPv4 addresses. */
  readonly names?: readonly string[]
  readonly from?: Date
  readonly to?: Date
}

/** Somebody who issues certificates. */
export interface Authority extends Identity {
  readonly issue: (subject?: Subject) => Identity
}

/** Certificates (X.509, RFC 5280) made on the spot: nothing that could expire is kept in the repository. */
export const authority = (name = 'tests'): Authority => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { name, key: pair.privateKey }
  return {
    cert: certificate(issuer, pair.publicKey, { name }, true),
    key: pem(pair.privateKey),
    issue: (subject = {}) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      return { cert: certificate(issuer, publicKey, subject, false), key: pem(privateKey) }
    },
  }
}

/** Signed by itself, and trusted by nobody who was not told to. */
export const selfSigned = (subject: Subject = {}): Identity => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { name = 'localhost' } = subject
  return { cert: certificate({ name, key: privateKey }, publicKey, subject, true), key: pem(privateKey) }
}

const DAY_MS = 24 * 60 * 60 * 1000

export const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS)

interface Issuer {
  readonly name: string
  readonly key: KeyObject
}

const certificate = (issuer: Issuer, publicKey: KeyObject, subject: Subject, isAuthority: boolean): string => {
  const { name = 'localhost', names = ['localhost', '127.0.0.1'] } = subject
  const { from = daysFromNow(-1), to = daysFromNow(1) } = subject
  const extensions = isAuthority
    ? [extension('551d13', sequence(der(0x01, Buffer.from([0xff])))), extension('551d11', alternatives(names))]
    : [extension('551d11', alternatives(names))]
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    distinguished(issuer.name),
    sequence(time(from), time(to)),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, issuer.key)]))
  const lines =
    sequence(body, ECDSA_SHA256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** One element of DER (X.690): its tag, its length, what is in it. */
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const digits = length.subarray(length.findIndex((digit) => digit !== 0))
  return Buffer.concat([Buffer.from([tag, 0x80 + digits.length]), digits, content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))

const distinguished = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))))

/** `YYMMDDHHMMSSZ`. */
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/\D/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}

const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value))

const alternatives = (names: readonly string[]): Buffer =>
  sequence(
    ...names.map((name) =>
      isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
    ),
  )
