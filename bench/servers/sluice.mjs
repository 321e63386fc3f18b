// The server that is compared with others: it echoes lines, or bytes. Started by a harness that knows many peers.
//   node bench/servers/sluice.mjs <lines|bulk>
//   PORT (0: any), MAX_SECS (it ends by itself), LINES_ENCODING=bytes (views of lines instead of text)
import { map, mergeMap, tap } from 'rxjs'
import { lines, listen, serve, writeTo } from 'sluice'

const mode = process.argv[2] ?? 'lines'
const bound = listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 0) }).pipe(
  tap((listener) => console.log(`LISTENING ${listener.address.port}`)),
)

/** @type {Readonly<Record<string, () => import('rxjs').Observable<unknown>>>} */
const servers = {
  lines: () =>
    process.env['LINES_ENCODING'] === 'bytes'
      ? bound.pipe(
          serve(
            lines({ encoding: 'bytes', maxFrameBytes: 1024 * 1024 }),
            map((line) => line),
          ),
        )
      : bound.pipe(
          serve(
            lines({ maxFrameBytes: 1024 * 1024 }),
            map((line) => line),
          ),
        ),
  bulk: () =>
    bound.pipe(
      mergeMap((listener) => listener.connections$),
      mergeMap((connection) => connection.data$.pipe(writeTo(connection))),
    ),
}

const start = servers[mode]
if (start === undefined) {
  console.error(`not served: ${mode}`)
  process.exit(64)
}
// one connection that breaks is no reason to stop: `serve` takes care of it, `bulk` reports it
start().subscribe({ error: (error) => console.error(String(error)) })
setTimeout(() => process.exit(0), Number(process.env['MAX_SECS'] ?? 150) * 1000)
