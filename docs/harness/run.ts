import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Printing, Program } from './compile.ts'
import type { Command, Snippet } from './snippet.ts'

/** The ports the documentation uses; each program is given free ones instead. */
const PORTS = /\b70\d\d\b/g

/** What a program did that it does not say, or did not do that it says; empty when all is well. */
export const run = async (program: Program, limitMs = 25_000): Promise<string[]> => {
  const { snippet } = program
  const swap = await swapPorts(program)
  writeFileSync(program.file, swap(readFileSync(program.file, 'utf8')))
  const wanted = program.printings.map(({ line, expected }) => ({ line, expected: expected.map(swap) }))
  const session = snippet.session.map(({ command, output }) => ({ command: swap(command), output: swap(output) }))

  const child = spawn(process.execPath, [program.file], {
    cwd: dirname(program.file),
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  const printed = new Map<number, string[]>()
  const faults: string[] = []
  createInterface({ input: child.stdout }).on('line', (json) => {
    if (!json.startsWith('{"line":')) return faults.push(`stdout, not by console.log: ${json}`)
    const { line, text } = JSON.parse(json) as { line: number; text: string }
    return printed.set(line, [...(printed.get(line) ?? []), ...text.split('\n').map((part) => part.trim())])
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => faults.push(`stderr: ${text.trimEnd()}`))
  let over = false
  const exited = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      over = true
      const ended = signal === 'SIGTERM' && snippet.forEver
      if (code !== 0 && !ended) {
        const how =
          signal === 'SIGKILL' ? `did not end within ${String(limitMs)} ms` : `ended with ${signal ?? String(code)}`
        faults.push(`it ${how}`)
      }
      resolve()
    })
  })

  for (const command of session) faults.push(...(await hold(command, () => over)))
  if (snippet.forEver) {
    while (!over && missing(snippet, wanted, printed).length > 0) await sleep(20)
    // it may be about to end, or to print what it does not say
    await Promise.race([exited, sleep(100)])
    if (wanted.length + session.length === 0) faults.push('neither a comment nor a session shows that it works')
    if (over) faults.push('it ended, although it says that it listens for ever')
    child.kill('SIGTERM')
  }
  await exited
  return [...faults, ...missing(snippet, wanted, printed)]
}

const missing = (snippet: Snippet, wanted: readonly Printing[], printed: ReadonlyMap<number, string[]>): string[] =>
  wanted.flatMap(({ line, expected }) => {
    const got = printed.get(line) ?? []
    const place = `${snippet.file}:${String(snippet.line + line - 1)}`
    if (expected.length === 0) return [`${place}: prints ${JSON.stringify(got)}, and no comment says so`]
    const same = got.length === expected.length && expected.every((text, i) => fits(text, got[i] ?? ''))
    return same ? [] : [`${place}: says it prints ${JSON.stringify(expected)}, and prints ${JSON.stringify(got)}`]
  })

/** `…` in what is expected stands for anything. */
const fits = (expected: string, got: string): boolean =>
  new RegExp(`^${expected.split('…').map(escape).join('.*')}$`, 's').test(got)

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Runs `printf '…' | nc -N HOST PORT` of a session, without a shell and without nc. */
const hold = async ({ command, output }: Command, over: () => boolean): Promise<string[]> => {
  const parts = /^printf '([^']*)' \| nc -N (\S+) (\d+)$/.exec(command)
  if (parts === null) return [`a session may say "printf '…' | nc -N HOST PORT", not: ${command}`]
  const [, text = '', host = '', port = ''] = parts
  const bytes = text.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
  for (let attempt = 0; attempt < 200 && !over(); attempt++) {
    const answer = await exchange(host, Number(port), bytes)
    if (answer !== null) {
      const got = answer.trimEnd()
      return fits(output, got) ? [] : [`${command}\nanswers ${JSON.stringify(got)}, not ${JSON.stringify(output)}`]
    }
    await sleep(25)
  }
  return [`${command}: nobody listens`]
}

/** What comes back until the other side ends or resets; `null` where nobody listens. */
const exchange = (host: string, port: number, bytes: string): Promise<string | null> =>
  new Promise((resolve) => {
    let got = ''
    let connected = false
    const socket = connect({ host, port })
    socket.setEncoding('utf8')
    socket.once('connect', () => {
      connected = true
      socket.end(bytes)
    })
    socket.on('data', (text: string) => (got += text))
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(connected ? got : null))
  })

/** A function that replaces each port of the documentation by a free one of this program's own. */
const swapPorts = async ({ snippet, printings }: Program): Promise<(text: string) => string> => {
  const ports = new Map<string, string>()
  const expected = printings.flatMap((printing) => printing.expected)
  for (const text of [snippet.text, ...expected]) {
    for (const [port] of text.matchAll(PORTS)) if (!ports.has(port)) ports.set(port, String(await freePort()))
  }
  return (text) => text.replaceAll(PORTS, (port) => ports.get(port) ?? port)
}

const taken = new Set<number>()

/** Below the range from which the system gives ports to clients. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    if (taken.has(port)) continue
    taken.add(port)
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}
