import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import { dial, HOST } from './loopback.ts'
import { afterwards } from './nothingLeft.ts'
import { portOf } from './tls.ts'

/** Somebody on the way, who hears all that passes. */
export interface WireTap {
  readonly port: number
  /** What has passed, both ways. */
  readonly text: () => string
}

export const tap = async (to: number): Promise<WireTap> => {
  const heard: Buffer[] = []
  const pass = (from: Socket, into: Socket): void => {
    from.on('data', (chunk: Buffer) => heard.push(chunk))
    from.on('error', () => into.destroy())
    from.pipe(into)
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = dial(to)
    pass(near, far)
    pass(far, near)
    afterwards(() => {
      near.destroy()
    })
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return { port: portOf(server), text: () => Buffer.concat(heard).toString('latin1') }
}
