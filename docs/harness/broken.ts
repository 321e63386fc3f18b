import type { Snippet } from './snippet.ts'

/** A program that is not what it says, and what the harness must say of it. */
export interface Broken {
  readonly title: string
  readonly snippet: Snippet
  readonly fault: RegExp
  /** How long it may take. */
  readonly limitMs?: number
}

const broken = (title: string, text: string, fault: RegExp, more: Partial<Snippet> = {}): Broken => {
  const file = `broken/${title}`
  return {
    title,
    snippet: { file, line: 1, language: 'ts', text, remark: undefined, forEver: false, session: [], ...more },
    fault,
  }
}

const ECHO = `import { lines, listen, serve } from 'sluice'
listen({ port: 7000 }).pipe(serve(lines(), (in$) => in$)).subscribe()`

/** How a program can fail to be true. */
export const BROKEN: readonly Broken[] = [
  broken('does not compile', "const n: number = 'one'", /:1: Type 'string' is not assignable/),
  broken('does not compile under the strict options', 'console.log([1][0].toFixed()) // 1', /possibly 'undefined'/),
  broken('prints something else', "console.log('a') // b", /says it prints \["b"\], and prints \["a"\]/),
  broken('prints what it does not say', "console.log('a')", /prints \["a"\], and no comment says so/),
  broken('prints less than it says', 'if (process.pid < 0) console.log(1) // 1', /and prints \[\]/),
  broken('prints more than it says', 'for (const n of [1, 2]) console.log(n) // 1', /and prints \["1","2"\]/),
  broken('prints in another order', 'for (const n of [1, 2]) console.log(n) // 2\n// 1', /and prints \["1","2"\]/),
  broken('throws', "throw new Error('no')", /ended with 1/),
  broken('fails in silence', 'process.exitCode = 3', /ended with 3/),
  broken('prints by other means', "process.stdout.write('no')", /not by console.log: no/),
  broken('writes to stderr', "console.error('no')", /stderr: no/),
  { ...broken('does not end', 'setInterval(() => undefined, 1_000)', /did not end within/), limitMs: 1_000 },
  broken('ends, where it says it does not', 'console.log(1) // 1', /it ended, although/, { forEver: true }),
  broken('listens, and shows nothing', ECHO, /neither a comment nor a session/, { forEver: true }),
  broken('answers something else', ECHO, /answers "a", not "b"/, {
    forEver: true,
    session: [{ command: "printf 'a\\n' | nc -N 127.0.0.1 7000", output: 'b' }],
  }),
]
