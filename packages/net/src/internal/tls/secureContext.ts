import type { SecureContext, SecureContextOptions } from 'node:tls'
import { createSecureContext } from 'node:tls'
import { WrongOption } from '@sluice/protocol'
import type { TlsContextOptions } from '../../tlsContextOptions.ts'

/** The options OpenSSL knows. */
const NAMES = [
  'ca',
  'cert',
  'key',
  'pfx',
  'passphrase',
  'crl',
  'minVersion',
  'maxVersion',
  'ciphers',
  'honorCipherOrder',
  'sigalgs',
  'ecdhCurve',
  'dhparam',
  'secureOptions',
  'allowPartialTrustChain',
  'sessionIdContext',
  'sessionTimeout',
  'ticketKeys',
  'privateKeyEngine',
  'privateKeyIdentifier',
] as const satisfies readonly (keyof TlsContextOptions)[]

/** Those of the options that OpenSSL knows, the ones that were given. */
export const contextOptions = (options: TlsContextOptions): SecureContextOptions =>
  Object.fromEntries(NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]))

/** Other options, where any were given; certificate and key go together. */
export const renewed = (before: TlsContextOptions, given: TlsContextOptions): TlsContextOptions => {
  const now = contextOptions(given)
  const { cert: _cert, key: _key, pfx: _pfx, passphrase: _passphrase, ...rest } = contextOptions(before)
  const identity = now.cert !== undefined || now.key !== undefined || now.pfx !== undefined
  return { ...(identity ? rest : contextOptions(before)), ...now }
}

/** Makes the context, or says what is wrong with the options; a private key is in no message. */
export const secureContext = (where: string, options: TlsContextOptions): SecureContext =>
  orWrong(where, options, () => createSecureContext(contextOptions(options)))

export const orWrong = <A>(where: string, options: TlsContextOptions, make: () => A): A => {
  if (options.cert !== undefined && options.key === undefined && options.privateKeyIdentifier === undefined) {
    throw new WrongOption(where, 'key', undefined, 'the private key of cert')
  }
  try {
    return make()
  } catch (error) {
    const names = NAMES.filter((name) => options[name] !== undefined)
    const message = error instanceof Error ? error.message : String(error)
    throw new WrongOption(where, 'tls', names, `options that OpenSSL takes: ${message}`)
  }
}

/** The protocols of ALPN, each a name of 1 to 255 bytes. */
export const alpnOption = (where: string, alpn: readonly string[] | undefined): string[] | undefined => {
  if (alpn === undefined) return undefined
  const fits = (name: unknown): boolean => typeof name === 'string' && name !== '' && Buffer.byteLength(name) < 256
  const all: readonly unknown[] | false = Array.isArray(alpn) && alpn
  if (all === false || all.length === 0 || !all.every(fits)) {
    throw new WrongOption(where, 'alpn', alpn, 'one or more names of 1 to 255 bytes')
  }
  return [...alpn]
}
