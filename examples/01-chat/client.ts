import { clearLine, createInterface, cursorTo } from 'node:readline'
import * as E from 'fp-ts/lib/Either.js'
import { EMPTY, Subject, concat, defer, endWith, finalize, fromEvent, ignoreElements, merge, mergeMap } from 'rxjs'
import { retry, share, takeUntil, tap, throwError, timer } from 'rxjs'
import type { Connection } from 'sluice'
import { TooLong, connect, createGate, decode, lines, writeTo } from 'sluice'
import { parseTarget } from './options.ts'
import { printable } from './text.ts'

const target = parseTarget(process.argv.slice(2), { leastPort: 1 })
if (E.isLeft(target)) {
  console[target.left.exitCode === 0 ? 'log' : 'error'](target.left.text)
  process.exit(target.left.exitCode)
}

const { stdin, stdout } = process
const terminal = stdin.isTTY && stdout.isTTY
const keyboard = createInterface(terminal ? { input: stdin, output: stdout } : { input: stdin })

const clearTyped = () => {
  if (terminal && cursorTo(stdout, 0)) clearLine(stdout, 0)
}

/** Prints above what is being typed. */
const print = (line: string) => {
  clearTyped()
  console.log(printable(line))
  if (terminal && open) keyboard.prompt(true)
}

// A file is read no faster than it can be sent, and not at all while there is no connection. A terminal
// is always read, for otherwise Ctrl-C would not be either.
const typed$ = new Subject<string>()
let open = true
const flow = (method: 'pause' | 'resume') => {
  if (!terminal && open) keyboard[method]()
}
const gate = createGate({ pause: () => flow('pause'), resume: () => flow('resume') })
const noConnection = {}
gate.hold(noConnection)

let leaving = false
keyboard.on('line', (line) => {
  if (!typed$.observed) return print('-- there is no connection: this line was not sent')
  if (line.trim() === '/quit') leaving = true
  gate.run(() => typed$.next(line))
})
keyboard.on('close', () => {
  leaving = true
  open = false
  typed$.complete()
})
keyboard.on('SIGINT', () => process.exit(0))
process.on('exit', clearTyped)
stdout.on('error', () => process.exit(0))

const protocol = lines({ maxFrameBytes: 512 * 1024, invalidText: 'replace', unterminated: 'line' })
let failures = 0

/** Each side ends on its own: Ctrl-D ends ours, and what was still coming is shown. */
const talk = (connection: Connection) => {
  failures = 0
  gate.release(noConnection)
  const heard$ = connection.data$.pipe(decode(protocol), tap(print), ignoreElements(), share())
  const said$ = typed$.pipe(takeUntil(heard$.pipe(endWith('end'))))
  return merge(heard$, said$.pipe(writeTo(connection, { protocol }))).pipe(finalize(() => gate.hold(noConnection)))
}

const closed$ = defer(() => (leaving ? EMPTY : throwError(() => new Error('the chat has closed'))))

/** Waits twice as long after each failure, up to half a minute, and everybody a little differently. */
const reconnect = (error: Error) => {
  if (leaving || error instanceof TooLong) return throwError(() => error)
  const waitMs = Math.min(30_000, 500 * 2 ** failures++) * (0.5 + Math.random() / 2)
  print(`-- ${error.message}: once more in ${(waitMs / 1000).toFixed(1)} s`)
  return timer(waitMs).pipe(takeUntil(fromEvent(keyboard, 'close')))
}

concat(connect(target.right).pipe(mergeMap(talk)), closed$)
  .pipe(retry({ delay: reconnect }))
  .subscribe({
    error: (error: unknown) => {
      clearTyped()
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
      keyboard.close()
    },
    complete: () => keyboard.close(),
  })
