// Sluice as its README shows it, with the default options: an echo of lines, of frames behind a length, or of bytes.
//   node bench/servers/sluice.mjs <lines|lines-bytes|len32|bulk>
import { map, mergeMap, tap } from 'rxjs'
import { lengthPrefixed, lines, listen, serve, writeTo } from 'sluice'
import { announce, BACKLOG, chosen, HOST, MAX_FRAME_BYTES, port } from '../internal/served.mjs'

const bound = listen({ host: HOST, port, backlog: BACKLOG }).pipe(tap((listener) => announce(listener.address.port)))
const maxFrameBytes = MAX_FRAME_BYTES

/** @type {Readonly<Record<string, () => import('rxjs').Observable<unknown>>>} */
const servers = {
  lines: () =>
    bound.pipe(
      serve(
        lines({ maxFrameBytes }),
        map((line) => line),
      ),
    ),
  'lines-bytes': () =>
    bound.pipe(
      serve(
        lines({ encoding: 'bytes', maxFrameBytes }),
        map((line) => line),
      ),
    ),
  len32: () =>
    bound.pipe(
      serve(
        lengthPrefixed({ maxFrameBytes }),
        map((frame) => frame),
      ),
    ),
  bulk: () =>
    bound.pipe(
      mergeMap((listener) => listener.connections$),
      mergeMap((connection) => connection.data$.pipe(writeTo(connection))),
    ),
}

// one connection that breaks is no reason to stop: `serve` takes care of it, `bulk` reports it
chosen(servers)().subscribe({ error: (error) => console.error(String(error)) })
