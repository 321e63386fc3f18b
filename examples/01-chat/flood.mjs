// How the chat bears a flood, as `node examples/01-chat/flood.mjs [megabytes]` after `npm run build`.
// One member says that many megabytes (200) as fast as they are taken, two read them, one reads nothing
// at all, and one says a word every 50 ms. Prints the server's memory in MiB, and how long a word took
// to reach a reader. Linux only: the memory is read from /proc.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect, decode, lines } from 'sluice'

const megabytes = Number(process.argv[2] ?? 200)
const host = '127.0.0.1'
const text = lines()
const flood = 'all work and no play makes a flood of a brook '.repeat(4).trim()

const main = fileURLToPath(new URL('dist/main.js', import.meta.url))
const server = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
const [greeting] = await once(createInterface({ input: server.stdout }), 'line')
const port = Number(/port (\d+)/.exec(greeting)[1])

const memory = (what) => {
  const kibibytes = new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]
  return Math.round(Number(kibibytes) / 1024)
}

/** Comes in; `leave` resolves when the connection is over, `deafen` stops reading. */
const member = (nick, hear = () => undefined) =>
  new Promise((resolve, reject) => {
    connect({ host, port }).subscribe({
      next: (connection) => {
        const reading = connection.data$.pipe(decode(text)).subscribe({
          next: (line) => {
            if (line.startsWith('-- you are')) resolve({ connection, deafen: () => reading.unsubscribe() })
            hear(line)
          },
          error: () => undefined,
        })
        connection.send(text, nick)
      },
      error: reject,
    })
  })

const pour = ({ connection }, bytes) =>
  new Promise((resolve) => {
    let left = bytes
    const go = () => {
      while (left > 0 && !connection.full) {
        connection.send(text, flood)
        left -= flood.length + 1
      }
      if (left <= 0) resolve(Math.ceil(bytes / (flood.length + 1)))
    }
    connection.events$.subscribe(({ _tag }) => _tag === 'Drained' && go())
    go()
  })

const heard = { first: 0, second: 0 }
const delays = []
let putOut = ''
await member('first', (line) => {
  if (line.startsWith('<flo>')) heard.first++
  else if (line.startsWith('<tim>')) delays.push(performance.now() - Number(line.slice(6)))
  else if (line.includes('zed was put out')) putOut = line
})
await member('second', (line) => {
  if (line.startsWith('<flo>')) heard.second++
})
const zed = await member('zed')
zed.deafen()
const tim = await member('tim')
let allTaken = () => undefined
const flo = await member('flo', (line) => {
  if (line.includes('present: first')) allTaken()
})

await sleep(500)
const before = memory('VmRSS')
const talk = setInterval(() => tim.connection.send(text, String(performance.now())), 50)
const started = performance.now()
const said = await pour(flo, megabytes * 1e6)
await new Promise((resolve) => {
  allTaken = resolve
  flo.connection.send(text, '/who')
})
const seconds = (performance.now() - started) / 1000
clearInterval(talk)
await sleep(500)

console.log(
  JSON.stringify({
    megabytes,
    seconds: Number(seconds.toFixed(1)),
    lines: said,
    heardByFirst: heard.first,
    heardBySecond: heard.second,
    putOut,
    words: delays.length,
    longestDelayMs: Math.round(Math.max(...delays)),
    memoryBefore: before,
    memoryPeak: memory('VmHWM'),
    memoryAfter: memory('VmRSS'),
  }),
)
server.kill('SIGTERM')
const [code] = await once(server, 'exit')
process.exit(code)
