// Two workers of a cluster that want the same port.
import cluster from 'node:cluster'
import { createServer } from 'node:net'
import { listen } from '../../../src/index.ts'

const exclusive = process.argv[2] === 'exclusive'
const HOST = '127.0.0.1'

/** Answers whether a worker could listen on the port. */
const worker = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    cluster.fork({ PORT: String(port) }).once('message', (listens: boolean) => {
      resolve(listens)
    })
  })

if (cluster.isPrimary) {
  const free = createServer().listen(0, HOST, () => {
    const bound = free.address()
    free.close(() => {
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0
      void worker(port)
        .then(async (first) => first && (await worker(port)))
        .then((both) => {
          console.log(`both listen ${String(both)}`)
          for (const one of Object.values(cluster.workers ?? {})) one?.process.kill('SIGKILL')
        })
    })
  })
} else {
  listen({ host: HOST, port: Number(process.env['PORT']), exclusive }).subscribe({
    next: () => process.send?.(true),
    error: () => process.send?.(false),
  })
}
