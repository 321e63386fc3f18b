// A server as a process runs it: `stuck` is never answered, `slow` in a moment, anything else at once.
import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { map, mergeMap, NEVER, of, pipe, tap, throwError, timer } from 'rxjs'
import type { RunServerOptions, ServerEvent } from '../../../src/index.ts'
import { listen, mapAsync, runServer, serve } from '../../../src/index.ts'

const [mode = '', port = '0', drainMs = '15000', sameMs = '0'] = process.argv.slice(2)

const answer = (line: string) => {
  if (line === 'stuck') return NEVER
  return line === 'slow' ? timer(200).pipe(map(() => 'SLOW')) : of(line.toUpperCase())
}

const talk = serve<string, string>(lines(), mapAsync(4, answer))

const tell = (event: ServerEvent): void => {
  if (event._tag === 'Started') console.log(`Started ${String(event.listener.address.port)}`)
  else if (event._tag === 'Stopping') console.log(`Stopping ${event.by}`)
  else if (event._tag === 'Failed') console.log(`Failed ${event.error._tag}`)
  else console.log(`Stopped ${event.outcome._tag}`)
  // what is written last, and much of it, must arrive
  if (event._tag === 'Stopped') console.log('x'.repeat(1_000_000))
}

const stop = new AbortController()
const options: RunServerOptions = { drainMs: Number(drainMs), sameMs: Number(sameMs), tell, stop: stop.signal }
const bound$ = listen({ port: Number(port), host: '127.0.0.1' })

const serving = {
  '': talk,
  fails: pipe(talk, mergeMap(() => throwError(() => new Error('no more sessions')))), // prettier-ignore
  stops: pipe(talk, tap(() => { stop.abort() })), // prettier-ignore
  closes: pipe(
    talk,
    tap(() => undefined),
  ),
}[mode]
if (serving === undefined) throw new Error(`no mode ${mode}`)

const before = [process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')].join()
const ending = await runServer(bound$, serving, options)()
const after = [process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')].join()
console.log(`handlers left ${String(before !== after)}`)
console.log(`exit code ${String(E.isLeft(ending) ? process.exitCode : ending.right.exitCode)}`)
