// Sluice in several processes that share one port (node:cluster): what a second core brings.
//   WORKERS=2 node bench/servers/sluice-cluster.mjs lines
import cluster from 'node:cluster'
import { map, tap } from 'rxjs'
import { lines, listen, serve } from 'sluice'
import { announce, BACKLOG, chosen, figures, HOST, MAX_FRAME_BYTES, port } from '../internal/served.mjs'

const WORKERS = Number(process.env['WORKERS'] ?? 2)

const serveLines = chosen({
  lines: () =>
    listen({ host: HOST, port, backlog: BACKLOG }).pipe(
      tap((listener) => process.send?.({ tag: 'bound', port: listener.address.port })),
      serve(
        lines({ maxFrameBytes: MAX_FRAME_BYTES }),
        map((line) => line),
      ),
    ),
})

if (cluster.isPrimary) {
  let bound = 0
  /** @type {Map<number, any>} */
  const told = new Map()
  for (let i = 0; i < WORKERS; i++) {
    const worker = cluster.fork()
    worker.on('message', (message) => {
      if (message.tag === 'bound' && ++bound === WORKERS) announce(message.port)
      if (message.tag !== 'figures') return
      told.set(worker.id, message)
      if (told.size < WORKERS) return
      const all = [...told.values(), figures()]
      told.clear()
      /** @param {'user' | 'system' | 'rss' | 'heapUsed' | 'peak'} name */
      const sum = (name) => all.reduce((total, one) => total + one[name], 0)
      process.send?.({
        tag: 'figures',
        user: sum('user'),
        system: sum('system'),
        rss: sum('rss'),
        heapUsed: sum('heapUsed'),
        peak: sum('peak'),
      })
    })
  }
  // the answer of this process alone would be wrong: its workers are asked
  process.removeAllListeners('message')
  process.on('message', (/** @type {any} */ message) => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.send(message)
  })
} else serveLines().subscribe({ error: (error) => console.error(String(error)) })
