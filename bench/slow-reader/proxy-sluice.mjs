// The proxy as one writes it with Sluice: but for the meters, nothing in it speaks of buffers.
import { EMPTY, catchError, finalize, map, merge, mergeMap, tap } from 'rxjs'
import { connect, decode, lines, listen, writeTo } from 'sluice'
import { gauge, listening, readerPort, sample } from './gauge.mjs'
import { QUOTE } from './stream.mjs'

/** What is looked at now and then. @type {Set<() => void>} */
const meters = new Set()

/** @param {import('sluice').Connection} client */
const relay = (client) =>
  connect({ host: '127.0.0.1', port: readerPort }).pipe(
    mergeMap((server) => {
      let taken = 0
      const look = () => {
        sample('unsent', server.unsentBytes)
        sample('undecoded', client.figures.bytesRead - taken)
      }
      meters.add(look)
      const there$ = client.data$.pipe(
        decode(lines()),
        map((line) => {
          sample('unsent', server.unsentBytes)
          taken += line.length + 1
          return QUOTE + line
        }),
        writeTo(server, { protocol: lines() }),
        finalize(() => meters.delete(look)),
      )
      return merge(there$, server.data$.pipe(writeTo(client)))
    }),
    catchError((error) => {
      client.abort(error)
      return EMPTY
    }),
  )

listen({ host: '127.0.0.1', port: 0 })
  .pipe(
    tap((listener) => listening(listener.address.port ?? 0)),
    mergeMap((listener) => listener.connections$),
    mergeMap(relay),
  )
  .subscribe()

gauge({
  everySample: () => {
    for (const look of meters) look()
  },
})
