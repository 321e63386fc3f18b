import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { concat, concatMap, ignoreElements, of } from 'rxjs'
import type { Connection, Handler, TlsFacts, TlsUpgradeOptions } from '../../src/index.ts'
import { upgradeTls } from '../../src/index.ts'
import { good } from './tls.ts'

/** Short lines, as mail has them. */
export const mail = lines({ ending: 'crlf', maxFrameBytes: 512 })

/** A mail server in a few lines (RFC 3207): it shows whether a command came encrypted. */
export const mailServer =
  (
    options: Partial<TlsUpgradeOptions> = {},
    upgraded: (facts$: Observable<TlsFacts>) => Observable<TlsFacts> = (x) => x,
  ) =>
  (in$: Observable<string>, connection: Connection): Observable<string> => {
    const answer = (line: string): Observable<string> => {
      if (/^EHLO/.test(line)) return connection.tls === undefined ? of('250-hello', '250 STARTTLS') : of('250 hello')
      if (line === 'QUIT') return of('221 goodbye')
      if (line !== 'STARTTLS') return of(`250 ${line} ${connection.tls?.protocol ?? 'in clear'}`)
      const upgrade$ = upgradeTls(connection, { role: 'server', ...good, ...options } as TlsUpgradeOptions)
      return concat(of('220 go ahead'), upgraded(upgrade$).pipe(ignoreElements()))
    }
    return concat(of('220 mail.test'), in$.pipe(concatMap(answer)))
  }

/** Says one thing after the other, each when the answer to the one before has come; upgrades where told to. */
export const mailClient =
  (heard: string[], script: readonly string[], options: TlsUpgradeOptions): Handler<string, string> =>
  (in$, connection) => {
    const rest = [...script]
    return in$.pipe(
      concatMap((line) => {
        heard.push(line)
        if (/^\d+-/.test(line)) return of()
        const says = rest.shift()
        const next$ = says === undefined ? of() : of(says)
        return line === '220 go ahead' ? concat(upgradeTls(connection, options).pipe(ignoreElements()), next$) : next$
      }),
    )
  }
