// Runs on Node, Bun and Deno against the built packages, over real loopback sockets: one line a check,
// `ok` or `FAILED`; exits non-zero if anything is amiss.
import { connect as dial } from 'node:net'
import process from 'node:process'
import { filter, firstValueFrom, ignoreElements, map, merge, of, range, take, tap, toArray } from 'rxjs'
import { connect, decode, lines, listen, mapAsync, serve, speak, writeTo } from '../packages/sluice/dist/index.js'

const HOST = '127.0.0.1'
const LIMIT_MS = 20_000
let failed = 0

const check = async (name, run) => {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${LIMIT_MS} ms`)), LIMIT_MS)
  })
  try {
    console.log(`ok      ${name}${await Promise.race([run(), late]).then((note) => (note ? `: ${note}` : ''))}`)
  } catch (error) {
    failed++
    console.log(`FAILED  ${name}: ${error.stack ?? error}`)
  } finally {
    clearTimeout(timer)
  }
}

const equal = (what, got, expected) => {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: ${String(a).slice(0, 300)} instead of ${String(b).slice(0, 300)}`)
}

/** Runs with a listener that is closed afterwards. */
const withListener = async (options, run) => {
  let serving
  try {
    const listener = await new Promise((resolve, reject) => {
      serving = listen({ port: 0, host: HOST, ...options }).subscribe({ next: resolve, error: reject })
    })
    return await run(listener, listener.address.port)
  } finally {
    serving?.unsubscribe()
  }
}

/** Serves in the background; answers the sessions as they end. */
const serving = (listener, handler) => {
  const sessions = []
  const waiting = []
  of(listener)
    .pipe(serve(lines(), handler))
    .subscribe((session) => (waiting.length > 0 ? waiting.shift()(session) : sessions.push(session)))
  return () => (sessions.length > 0 ? sessions.shift() : new Promise((resolve) => waiting.push(resolve)))
}

const plain = (port) =>
  new Promise((resolve, reject) => {
    const socket = dial({ port, host: HOST, allowHalfOpen: true }, () => resolve(socket))
    socket.on('error', reject)
  })

const everything = (socket) =>
  new Promise((resolve, reject) => {
    const chunks = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()))
    socket.on('close', () => reject(new Error('closed before its end')))
  })

const shout = map((line) => line.toUpperCase())

await check('serve and speak exchange lines, and both are Finished', () =>
  withListener({}, async (listener, port) => {
    const session = serving(listener, shout)
    const seen = []
    const three = (in$) => merge(of('one', 'zwei', 'трι€😀'), in$.pipe(take(3), tap((l) => seen.push(l)), ignoreElements())) // prettier-ignore
    const closed = await firstValueFrom(connect({ host: HOST, port }).pipe(speak(lines(), three)))
    equal('lines', seen, ['ONE', 'ZWEI', 'ТРΙ€😀'])
    equal('cause', [closed.cause._tag, (await session()).closed.cause._tag], ['Finished', 'Finished'])
  }),
)

await check('a half-close is answered', () =>
  withListener({}, async (listener, port) => {
    const session = serving(
      listener,
      mapAsync(4, async (line) => line.toUpperCase()),
    )
    const peer = await plain(port)
    peer.end('hello\nworld\n')
    equal('answer', await everything(peer), 'HELLO\nWORLD\n')
    const { cause, figures } = (await session()).closed
    equal('cause', cause, { _tag: 'Finished' })
    equal('bytes', [figures.bytesRead, figures.bytesWritten, figures.bytesUnsent, figures.bytesUnread], [12, 12, 0, 0])
  }),
)

await check('a FIN inside a line is Truncated, with its bytes, and what came before is answered', () =>
  withListener({}, async (listener, port) => {
    const session = serving(listener, shout)
    const peer = await plain(port)
    peer.end('whole\nhalf')
    equal('answer', await everything(peer), 'WHOLE\n')
    const { cause } = (await session()).closed
    equal('cause', [cause._tag, cause.error?.phase, cause.error?.got], ['Truncated', 'line', 4])
    equal('bytes', Buffer.from(cause.error.bytes).toString(), 'half')
  }),
)

for (const [what, text] of [
  ['unfinished', 'whole\nhalf'],
  ['finished', 'whole\n'],
]) {
  // prettier-ignore
  await check(`a reset behind unread data is never Finished for an ${what} line`.replace('an f', 'a f'), () =>
    withListener({}, async (listener, port) => {
      const session = serving(listener, shout)
      const counts = {}
      for (let i = 0; i < 20; i++) {
        const peer = await plain(port)
        peer.on('error', () => undefined)
        if (typeof peer.resetAndDestroy !== 'function') return 'left out, this runtime cannot reset'
        peer.write(text, () => peer.resetAndDestroy())
        const { cause } = (await session()).closed
        counts[cause._tag] = (counts[cause._tag] ?? 0) + 1
      }
      const note = JSON.stringify(counts)
      if (counts.Finished !== undefined) throw new Error(note)
      return note
    }),
  )
}

await check('decode → map → writeTo keeps a slow reader’s backlog under its bound, and every line', () =>
  withListener({ highWaterMark: 65_536 }, async (listener, port) => {
    const count = 200_000
    const accepted = firstValueFrom(listener.connections$.pipe(take(2), toArray()))
    const from = await plain(port)
    const to = await plain(port)
    const [source, sink] = await accepted
    let most = 0
    const measure = tap(() => (most = Math.max(most, sink.unsentBytes)))
    const upper$ = source.data$.pipe(decode(lines()), shout, measure, writeTo(sink, { protocol: lines() }))
    upper$.subscribe({ error: (error) => console.log(`        ${error}`) })
    to.pause()
    let text = ''
    for (let i = 0; i < count; i++) text += `line ${i}\n`.padStart(100, '.')
    from.end(text)
    await firstValueFrom(source.events$.pipe(filter(({ _tag }) => _tag === 'Paused')))
    const paused = source.figures.bytesRead
    const got = everything(to)
    to.resume()
    equal('bytes', (await got) === text.toUpperCase(), true)
    to.end()
    if (most > 65_536 + 200) throw new Error(`${most} bytes waited`)
    if (paused === text.length) throw new Error('it was never paused')
    return `at most ${most} bytes waited`
  }),
)

await check('a drain lets answers in flight arrive, and reports each connection', () =>
  withListener({}, async (listener, port) => {
    let begun
    const inFlight = new Promise((resolve) => (begun = resolve))
    serving(listener, (in$) =>
      in$.pipe(mapAsync(1, (line) => (begun(), new Promise((resolve) => setTimeout(resolve, 30, line.toUpperCase()))))),
    )
    const peer = await plain(port)
    const got = everything(peer)
    peer.once('end', () => peer.end())
    peer.write('hello\n')
    await inFlight
    const { right: report } = await listener.drain()()
    equal('answer', await got, 'HELLO\n')
    equal('report', [report.finished, report.aborted, report.connections.length], [1, 0, 1])
  }),
)

await check('a handler that throws ends its own connection only', () =>
  withListener({}, async (listener, port) => {
    const broken = map((line) => {
      if (line === 'break') throw new Error('oh')
      return line.toUpperCase()
    })
    const session = serving(listener, broken)
    const [victim, neighbour] = [await plain(port), await plain(port)]
    victim.on('error', () => undefined)
    victim.write('break\n')
    equal('cause', (await session()).closed.cause._tag, 'HandlerFailed')
    neighbour.end('still here\n')
    equal('answer', await everything(neighbour), 'STILL HERE\n')
  }),
)

await check('a flood without a reader is Overflowed, and refused ports are ConnectFailed', () =>
  withListener({ whenFull: 'fail', maxUnsentBytes: 100_000 }, async (listener, port) => {
    const flood$ = range(0, Number.MAX_SAFE_INTEGER).pipe(map(String))
    const session = serving(listener, () => flood$)
    dial({ port, host: HOST }).on('error', () => undefined)
    equal('cause', (await session()).closed.cause._tag, 'Overflowed')
    await listener.drain()()
    const error = await firstValueFrom(connect({ host: HOST, port })).catch((e) => e)
    equal('error', [error._tag, error.code], ['ConnectFailed', 'ECONNREFUSED'])
  }),
)

console.log(failed === 0 ? 'all checks hold' : `${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
