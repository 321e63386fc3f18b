import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { compiled } from '../support/compiled.ts'
import type { Bench } from './bench.ts'

/** A process of its own, on the same Node: its lines as they come, and how it ended. */
export interface Child {
  readonly process: ChildProcess
  readonly lines: string[]
  /** The first line that begins so, without its beginning. */
  readonly line: (beginning: string) => Promise<string>
  readonly exit: Promise<number | null>
}

/** Runs a piece of plain JavaScript (`require` is there). */
export const script = (bench: Bench, text: string, ...args: readonly string[]): Child =>
  started(bench, spawn(process.execPath, ['-e', text, '--', ...args], { stdio: ['pipe', 'pipe', 'inherit'] }))

/** Runs one of `support/programs/`. */
export const program = async (bench: Bench, name: string, ...args: readonly string[]): Promise<Child> =>
  started(bench, spawn(process.execPath, [await compiled(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] }))

export const started = (bench: Bench, child: ChildProcess): Child => {
  const lines: string[] = []
  const looking = new Set<() => void>()
  let over = false
  const look = (): void => {
    for (const one of looking) one()
  }
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      look()
    })
  }
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true
      look()
      resolve(code)
    })
  })
  bench.afterwards(() => {
    child.kill('SIGKILL')
  })
  const line = (beginning: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const attempt = (): void => {
        const found = lines.find((one) => one.startsWith(beginning))
        if (found === undefined && !over) return
        looking.delete(attempt)
        if (found === undefined) reject(new Error(`the child ended without '${beginning}': ${lines.join(' | ')}`))
        else resolve(found.slice(beginning.length).trim())
      }
      looking.add(attempt)
      attempt()
    })
  return { process: child, lines, line, exit }
}
