import type { Protocol } from '@sluice/protocol'
import { Observable } from 'rxjs'
import type { Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import { Conversation } from './internal/conversation/conversation.ts'
import { live } from './internal/connection/live.ts'

/**
 * Another protocol from here on, on a connection that is in a conversation: `STARTTLS`-like commands, upgrades, a
 * mode of raw bytes. A handler merges or concatenates it into its output.
 *
 * ```
 *  bytes     a LF  G O LF  00 02 h i  00 01 …
 *            └ lines ────┘ └ lengthPrefixed({ width: 2 }) …
 *                        ▲ switchTo is subscribed: the decoder of lines stops here, and the rest of the chunk
 *                          goes to the other one, each byte once
 * ```
 *
 * When it is subscribed, also from inside the dispatch of a message:
 *
 * - the input of the handler before completes, and nothing more is decoded for it;
 * - the bytes no message took are the first that the new protocol reads; then what comes later, and a FIN that waits;
 * - `handler` is called, as for `speak`. What it answers is written by the new protocol, behind what was written
 *   before. What the handler before still answers is written by its own.
 *
 * It emits nothing. It completes when the output of `handler` does, and then our side is as open as before: only the
 * outermost handler ends it. Unsubscribed, it stops `handler`. A switch within a switch is kept until the outer ones
 * are over; whoever goes to and fro for long lets the inner handler complete, and then switches again:
 * `concat(switchTo(…), switchTo(…)).pipe(repeat())`.
 *
 * Errors, all of which end the connection (`HandlerFailed`, or `ProtocolFailed` and `Truncated` as in `speak`) where the
 * handler before lets them pass: what the new handler throws or fails with · `NotEncodable`, `TooLong` for a message
 * of it · `NotWritable`, `WriterFull`. The offsets of `TooLong`, `Malformed` and `Truncated` count from the first byte of the
 * new protocol. Throws `WrongOption` for a connection of another library.
 *
 * ```ts
 * import { listen, serve, switchTo } from '@sluice/net'
 * import { bytes, lines } from '@sluice/protocol'
 * import { connect } from 'node:net'
 * import { concat, concatMap, map, of, take } from 'rxjs'
 *
 * // lines in capitals, until one asks for raw bytes, which go back reversed
 * const reverse = map((chunk: Uint8Array) => Buffer.from(chunk).reverse())
 * listen({ port: 7000 })
 *   .pipe(
 *     serve(lines(), (in$, connection) => {
 *       const raw$ = switchTo(connection, bytes(), reverse)
 *       return in$.pipe(concatMap((line) => (line === 'raw' ? concat(of('ok'), raw$) : of(line.toUpperCase()))))
 *     }),
 *     take(1),
 *   )
 *   .subscribe(({ closed }) => console.log(closed.cause._tag)) // Finished
 *
 * let answer = ''
 * const client = connect(7000).end('hello\nraw\nabc')
 * client.on('data', (bytes) => (answer += bytes.toString()))
 * client.on('end', () => console.log(answer)) // HELLO
 * // ok
 * // cba
 * ```
 */
export const switchTo = <In, Out>(
  connection: Connection,
  protocol: Protocol<In, Out>,
  handler: Handler<In, Out>,
): Observable<never> => {
  const lifted = live('switchTo()', connection)
  return new Observable((subscriber) => {
    const conversation = new Conversation(lifted, protocol, {
      said: () => {
        subscriber.complete()
      },
      broke: (_connection, error) => {
        subscriber.error(error)
      },
      over: () => undefined,
    })
    subscriber.add(conversation)
    if (!subscriber.closed) conversation.takeOver(handler)
  })
}
