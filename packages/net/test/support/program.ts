import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { compiled } from './compiled.ts'
import { afterwards } from './nothingLeft.ts'

const LATEST_MS = 20_000

/** A program in a process of its own: its lines, and how it ended. */
export class Program {
  readonly child: ChildProcess
  readonly lines: string[] = []
  errors = ''
  /** Resolves when it is over and everything it wrote was read. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  readonly #looking = new Set<() => void>()
  #over = false

  constructor(file: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    let rest = ''
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const [first = '', ...others] = (rest + text).split('\n')
      const lines = [first, ...others]
      rest = lines.pop() ?? ''
      this.lines.push(...lines)
      for (const look of this.#looking) look()
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    this.exit = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.#over = true
        for (const look of this.#looking) look()
        resolve({ code, signal })
      })
    })
  }

  /** How many lines begin so. */
  count(beginning: string): number {
    return this.lines.filter((line) => line.startsWith(beginning)).length
  }

  /** The line that begins so, the first one or a later one, without its beginning; waits for it. */
  async line(beginning: string, nth = 1): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (line: string | undefined): void => {
        clearTimeout(late)
        this.#looking.delete(look)
        if (line !== undefined) resolve(line.slice(beginning.length).trim())
        else reject(new Error(`no line '${beginning}' in:\n${this.lines.join('\n')}\n${this.errors}`))
      }
      const look = (): void => {
        const line = this.lines.filter((one) => one.startsWith(beginning))[nth - 1]
        if (line !== undefined || this.#over) settle(line)
      }
      const late = setTimeout(() => {
        settle(undefined)
      }, LATEST_MS)
      this.#looking.add(look)
      look()
    })
  }

  /** For programs that listen to messages. */
  tell(message: string): void {
    this.child.send(message)
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }
}

/** Starts one of `programs/`; it is killed when the test is over. */
export const program = async (name: string, ...args: readonly string[]): Promise<Program> => {
  const started = new Program(await compiled(name), args)
  afterwards(() => {
    started.kill('SIGKILL')
  })
  return started
}
