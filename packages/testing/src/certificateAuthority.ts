import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync } from 'node:crypto'
import { WrongOption } from '@sluice/protocol'
import type { Issuer } from './internal/x509/certificate.ts'
import { certificate } from './internal/x509/certificate.ts'

/** A certificate and its key, in PEM: what `tls.cert` and `tls.key` take. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

/** Whom a certificate is for, and how long it is good. */
export interface Subject {
  /** Its common name. Default `localhost`. */
  readonly name?: string
  /** Names and addresses it proves. Default `localhost`, `127.0.0.1` and `::1`. */
  readonly names?: readonly string[]
  /** Default: a day ago. */
  readonly from?: Date
  /** Default: in a day. Before now: one that has expired. */
  readonly to?: Date
}

/** Somebody who issues certificates. */
export interface CertificateAuthority extends Identity {
  readonly issue: (subject?: Subject) => Identity
}

/**
 * An authority of your own: whoever has its `cert` as `ca` trusts what it issues.
 *
 * ```
 *  authority ──issue()──▶ server      keys on P-256, signatures with SHA-256
 *            ──issue()──▶ client      X.509 version 3 (RFC 5280)
 * ```
 *
 * All is made in this process by `node:crypto`, in about a millisecond each: nothing that could expire is kept in a
 * repository. Throws `WrongOption` for a time that is none.
 *
 * ```ts
 * import { certificateAuthority } from '@sluice/testing'
 * import { X509Certificate } from 'node:crypto'
 *
 * const authority = certificateAuthority('the authority')
 * const { cert } = authority.issue({ name: 'db', names: ['db.internal', '10.0.0.7'] })
 * const read = new X509Certificate(cert)
 * console.log(read.subjectAltName) // DNS:db.internal, IP Address:10.0.0.7
 * console.log(read.checkIssued(new X509Certificate(authority.cert))) // true
 * ```
 */
export const certificateAuthority = (name = 'tests'): CertificateAuthority => {
  const issuer = { name, ...pair() }
  const where = 'certificateAuthority()'
  return {
    cert: certificate(issuer, issuer.publicKey, { ...subjectOf(where, { name, names: [] }), authority: true }),
    key: pem(issuer.privateKey),
    issue: (subject = {}) => {
      const { publicKey, privateKey } = pair()
      const signed = { ...subjectOf(where, subject), authority: false }
      return { cert: certificate(issuer, publicKey, signed), key: pem(privateKey) }
    },
  }
}

/**
 * A certificate signed by itself, and trusted by nobody who was not told to. Throws `WrongOption` for a time that is
 * none.
 *
 * ```ts
 * import { selfSigned } from '@sluice/testing'
 * import { X509Certificate } from 'node:crypto'
 *
 * const { cert } = selfSigned({ names: ['nobody.test'] })
 * const read = new X509Certificate(cert)
 * console.log(read.verify(read.publicKey)) // true
 * ```
 */
export const selfSigned = (subject: Subject = {}): Identity => {
  const signed = subjectOf('selfSigned()', subject)
  const issuer = { name: signed.name, ...pair() }
  return { cert: certificate(issuer, issuer.publicKey, { ...signed, authority: true }), key: pem(issuer.privateKey) }
}

const DAY_MS = 24 * 60 * 60 * 1000

const pair = (): Omit<Issuer, 'name'> => generateKeyPairSync('ec', { namedCurve: 'P-256' })

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

const subjectOf = (where: string, subject: Subject): Required<Subject> => {
  const { name = 'localhost', names = ['localhost', '127.0.0.1', '::1'] } = subject
  const { from = new Date(Date.now() - DAY_MS), to = new Date(Date.now() + DAY_MS) } = subject
  for (const [option, date] of Object.entries({ from, to })) {
    if (Number.isNaN(date.getTime())) throw new WrongOption(where, option, date, 'a date')
  }
  return { name, names, from, to }
}
