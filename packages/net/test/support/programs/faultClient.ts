// A client in a process of its own. Lines of its standard input tell it what to do: a number connects so often,
// `close` closes all. Its argument is the port.
import { createInterface } from 'node:readline'
import type { Connection } from '../../../src/index.ts'
import { ConnectFailed, connect } from '../../../src/index.ts'

const port = Number(process.argv[2])
let open: Connection[] = []

const attempt = (): void => {
  connect({ port, host: '127.0.0.1' }).subscribe({
    next: (connection) => {
      open.push(connection)
      console.log('connected')
    },
    error: (error: unknown) => {
      console.log(error instanceof ConnectFailed ? `failed ${error._tag} ${error.code}` : `failed ${String(error)}`)
    },
  })
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line !== 'close') for (let i = 0; i < Number(line); i++) attempt()
    else {
      for (const connection of open) connection.abort()
      open = []
      // when their descriptors are given back
      setTimeout(() => {
        console.log('closed')
      }, 100)
    }
  })
  .on('close', () => {
    for (const connection of open) connection.abort()
  })
console.log('ready')
