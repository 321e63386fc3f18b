// A server that answers every line. It is killed, and started again at the same port.
import { map, retry, tap } from 'rxjs'
import { lines, listen, serve } from 'sluice'
import { obey, say } from '../internal/children.mjs'

const port = Number(process.argv[2])

obey({})
listen({ host: '127.0.0.1', port })
  .pipe(
    // while it was down, a client that tried may have been given this very port for a moment
    retry({ count: 50, delay: 20 }),
    tap((listener) => say({ tag: 'listening', port: listener.address.port })),
    serve(
      lines(),
      map((line) => line.toUpperCase()),
    ),
  )
  .subscribe()
