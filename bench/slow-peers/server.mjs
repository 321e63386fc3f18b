// An echo of lines with a frame clock. Tells its port, then of each connection that ended why it did.
import { identity, tap } from 'rxjs'
import { lines, listen, serve } from 'sluice'
import { obey, say } from '../internal/children.mjs'

obey({
  listen: ({ frameMs }) => {
    listen({ port: 0, host: '127.0.0.1', frameMs })
      .pipe(
        tap((listener) => say({ tag: 'listening', port: listener.address.port })),
        serve(lines(), identity),
      )
      .subscribe(({ closed: { cause } }) => say({ tag: 'closed', cause }))
  },
})
