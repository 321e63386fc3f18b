// As a service manager does it: a socket is bound, and a process is started with its descriptor as number 3.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { lines } from '@sluice/protocol'
import { map, take } from 'rxjs'
import { listen, serve } from '../../../src/index.ts'

if (process.argv[2] === 'child') {
  const shout = serve<string, string>(
    lines(),
    map((line) => line.toUpperCase()),
  )
  listen({ fd: 3 }).pipe(shout, take(1)).subscribe()
} else {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const handle: unknown = Reflect.get(server, '_handle')
    const descriptor = typeof handle === 'object' && handle !== null ? Number(Reflect.get(handle, 'fd')) : -1
    const file = fileURLToPath(import.meta.url)
    const child = spawn(process.execPath, [...process.execArgv, file, 'child'], {
      stdio: ['ignore', 'inherit', 'inherit', descriptor],
    })
    child.once('exit', (code) => process.exit(code ?? 1))
    const address = server.address()
    // whoever comes goes to the child only
    server.close()
    console.log(`listening ${String(typeof address === 'object' ? address?.port : 0)}`)
  })
}
