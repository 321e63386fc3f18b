import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Writable } from 'node:stream'
import { afterEach } from 'vitest'

/** A text that grows, and tells when it holds what is waited for: no test sleeps. */
export class Transcript {
  text = ''
  #over = false
  readonly #waiting = new Set<() => void>()

  add(text: string): void {
    this.text += text
    for (const look of this.#waiting) look()
  }

  end(): void {
    this.#over = true
    this.add('')
  }

  /** Resolves with the match; fails at the end of the text, or after ten seconds. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (match: RegExpExecArray | null): void => {
        this.#waiting.delete(look)
        clearTimeout(late)
        if (match !== null) resolve(match)
        else reject(new Error(`no ${String(pattern)} in:\n${this.text.slice(-4000)}`))
      }
      const look = (): void => {
        const match = pattern.exec(this.text)
        if (match !== null || this.#over) settle(match)
      }
      const late = setTimeout(() => settle(null), 10_000)
      this.#waiting.add(look)
      look()
    })
  }
}

/** A program under test. */
export interface Program {
  readonly child: ChildProcess
  readonly stdin: Writable
  readonly out: Transcript
  readonly err: Transcript
  /** Resolves when it is over and everything it said is read. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

const running = new Set<ChildProcess>()

afterEach(async () => {
  const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)))
  for (const { pid } of running) {
    try {
      // the group: a shell's pipeline is several processes
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // it has just ended by itself
    }
  }
  await Promise.all(ends)
})

export const run = (command: string, ...args: string[]): Program => {
  const child = spawn(command, args, { stdio: 'pipe', detached: true })
  running.add(child)
  const out = new Transcript()
  const err = new Transcript()
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.add(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.add(text))
  child.stdin.on('error', () => undefined)
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      running.delete(child)
      out.end()
      err.end()
      resolve({ code, signal })
    })
  })
  return { child, stdin: child.stdin, out, err, exit }
}

const built = (name: string): string => {
  const path = fileURLToPath(new URL(`dist/${name}`, import.meta.url))
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run build first`)
  return path
}

/** The built chat server, at a free port unless told otherwise. */
export const runServer = async (...args: string[]): Promise<Program & { readonly port: number }> => {
  const server = run(process.execPath, built('main.js'), ...(args.length === 0 ? ['--port', '0'] : args))
  await server.out.until(/Ctrl-C closes it/)
  return { ...server, port: Number(/port (\d+)/.exec(server.out.text)?.[1]) }
}

export const mainJs = () => built('main.js')
export const clientJs = () => built('client.js')

/** Whether a program is installed. */
export const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0

export const hasNc = has('nc')

/** Somebody with `nc`, who has come in. */
export const ncMember = async (port: number, nick: string): Promise<Program> => {
  const nc = run('nc', '127.0.0.1', String(port))
  nc.stdin.write(`${nick}\n`)
  await nc.out.until(/-- you are /)
  return nc
}
