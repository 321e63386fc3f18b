import type { CertificateAuthority, Identity, Subject } from './certificateAuthority.ts'
import { certificateAuthority } from './certificateAuthority.ts'

/** Options of {@link testCertificates}. */
export interface TestCertificatesOptions {
  /** Names and addresses of the server. Default `localhost`, `127.0.0.1` and `::1`. */
  readonly names?: readonly string[]
  /** The name of the client. Default `client`. */
  readonly client?: string
}

/** What a server and its clients need to speak TLS with each other. */
export interface TestCertificates {
  /** The certificate of the authority: for `tls.ca`, on both sides. */
  readonly ca: string
  readonly server: Identity
  /** For a server that asks its clients who they are. */
  readonly client: Identity
  /** Further ones of the same authority: expired, for another name. */
  readonly issue: (subject?: Subject) => Identity
  readonly authority: CertificateAuthority
}

/**
 * An authority, and what it has issued for a server and for a client.
 *
 * Throws `WrongOption` as {@link certificateAuthority} does.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { connect, listen, requestUntilClose, serve } from '@sluice/net'
 * import { testCertificates } from '@sluice/testing'
 * import { map } from 'rxjs'
 *
 * const { ca, server } = testCertificates()
 *
 * const running = listen({ port: 7000, tls: server })
 *   .pipe(
 *     serve(
 *       lines(),
 *       map((line) => line.toUpperCase()),
 *     ),
 *   )
 *   .subscribe()
 *
 * connect({ port: 7000, tls: { ca } })
 *   .pipe(requestUntilClose(lines(), ['hello']))
 *   .subscribe({
 *     next: console.log, // HELLO
 *     complete: () => running.unsubscribe(),
 *   })
 * ```
 */
export const testCertificates = (options: TestCertificatesOptions = {}): TestCertificates => {
  const { names, client = 'client' } = options
  const authority = certificateAuthority('the authority of the tests')
  return {
    ca: authority.cert,
    server: authority.issue(names === undefined ? {} : { names, name: names[0] ?? 'server' }),
    client: authority.issue({ name: client, names: [client] }),
    issue: authority.issue,
    authority,
  }
}
