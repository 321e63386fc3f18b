import type { KeyObject } from 'node:crypto'
import { createHash, randomBytes, sign } from 'node:crypto'
import { bits, commonName, der, generalNames, octets, oid, sequence, time, TRUE } from './der.ts'

/** Who signs. */
export interface Issuer {
  readonly name: string
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** What is signed. */
export interface Signed {
  readonly name: string
  readonly names: readonly string[]
  readonly from: Date
  readonly to: Date
  /** Whether it may sign others. */
  readonly authority: boolean
}

/** A certificate (X.509 version 3, RFC 5280) in PEM. */
export const certificate = (issuer: Issuer, publicKey: KeyObject, signed: Signed): string => {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // positive, and never twice the same
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ECDSA_SHA256,
    commonName(issuer.name),
    sequence(time(signed.from), time(signed.to)),
    commonName(signed.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(issuer, publicKey, signed))),
  )
  const whole = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, issuer.privateKey)))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))

/** digitalSignature (TLS itself), and for an authority keyCertSign and cRLSign besides. */
const [SIGNS_CERTIFICATES, SIGNS] = [bits(Buffer.from([0x86]), 1), bits(Buffer.from([0x80]), 7)]

const SERVER_AND_CLIENT = sequence(oid('2b06010505070301'), oid('2b06010505070302'))

const extensions = (issuer: Issuer, publicKey: KeyObject, { authority, names }: Signed): readonly Buffer[] => [
  ...(authority
    ? [critical('551d13', sequence(TRUE)), critical('551d0f', SIGNS_CERTIFICATES)]
    : [critical('551d0f', SIGNS), extension('551d25', SERVER_AND_CLIENT)]),
  ...(names.length === 0 ? [] : [extension('551d11', generalNames(names))]),
  extension('551d0e', octets(keyId(publicKey))),
  extension('551d23', sequence(der(0x80, keyId(issuer.publicKey)))),
]

const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), octets(value))

const critical = (id: string, value: Buffer): Buffer => sequence(oid(id), TRUE, octets(value))

/** Tells keys apart. */
const keyId = (publicKey: KeyObject): Buffer =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20)
