// The proxy as it is usually written with RxJS alone: `write` is called and its answer is not looked at.
import { connect, createServer } from 'node:net'
import { fromEvent, map, takeUntil } from 'rxjs'
import { gauge, listening, readerPort, sample } from './gauge.mjs'
import { QUOTE } from './stream.mjs'

/** @type {Set<import('node:net').Socket>} */
const open = new Set()

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ host: '127.0.0.1', port: readerPort, allowHalfOpen: true, noDelay: true })
  open.add(upstream)
  let rest = ''
  fromEvent(client, 'data')
    .pipe(
      map((chunk) => {
        const lines = (rest + String(chunk)).split('\n')
        rest = lines.pop() ?? ''
        return lines.map((line) => `${QUOTE}${line}\n`).join('')
      }),
      takeUntil(fromEvent(upstream, 'close')),
    )
    .subscribe((text) => upstream.write(text))
  client.on('end', () => upstream.end())
  upstream.on('close', () => {
    open.delete(upstream)
    client.destroy()
  })
  upstream.resume()
  upstream.on('error', () => undefined)
  client.on('error', () => undefined)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  listening(typeof address === 'object' ? (address?.port ?? 0) : 0)
})

gauge({
  everySample: () => {
    for (const upstream of open) sample('unsent', upstream.writableLength)
  },
})
