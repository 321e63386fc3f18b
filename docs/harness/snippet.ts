import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A fenced block of a page or of a docstring. */
export interface Fence {
  /** Relative to the root of the repository. */
  readonly file: string
  /** The line of its first line of text, counted from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  /** What the `<!-- … -->` directly above it says. */
  readonly remark: string | undefined
}

/** A command of a `console` block, and what it prints. */
export interface Command {
  readonly command: string
  readonly output: string
}

/** A program of the documentation. */
export interface Snippet extends Fence {
  /** Above it stands `<!-- listens for ever -->`: it is ended when it has done what it says. */
  readonly forEver: boolean
  /** The `console` blocks between it and the next program. */
  readonly session: readonly Command[]
}

/** Every page: README.md and all of docs/. */
export const pages = (): string[] => ['README.md', ...filesBelow('docs', '.md')]

/** Every source file of the packages, which may have programs in its docstrings. */
export const sources = (): string[] =>
  readdirSync(join(ROOT, 'packages')).flatMap((name) => filesBelow(join('packages', name, 'src'), '.ts'))

/** The programs among the fences, each with the sessions that follow it. */
export const snippets = (fences: readonly Fence[]): Snippet[] => {
  const found: Snippet[] = []
  for (const fence of fences) {
    const last = found[found.length - 1]
    if (fence.language === 'ts') {
      found.push({ ...fence, forEver: fence.remark === 'listens for ever', session: [] })
    } else if (fence.language === 'console' && last?.file === fence.file) {
      found[found.length - 1] = { ...last, session: [...last.session, ...commands(fence.text)] }
    }
  }
  return found
}

/** The fences of a file, those of its docstrings where it is a source file. */
export const fencesOf = (file: string): Fence[] => {
  const code = file.endsWith('.ts')
  const fences: Fence[] = []
  let open: { line: number; language: string; remark: string | undefined; text: string[] } | null = null
  let remark: string | undefined
  readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .forEach((raw, index) => {
      const line = code ? /^\s*\* ?(.*)$/.exec(raw)?.[1] : raw
      const border = line === undefined ? null : /^\s*```(\S*)/.exec(line)
      if (open === null && border !== null) {
        open = { line: index + 2, language: border[1] ?? '', remark, text: [] }
      } else if (open !== null && (border !== null || line === undefined)) {
        const { text, ...rest } = open
        fences.push({ file, ...rest, text: text.join('\n') })
        open = null
      } else open?.text.push(line ?? '')
      if (line?.trim() !== '') remark = line === undefined ? undefined : /^<!-- (.*) -->$/.exec(line)?.[1]
    })
  return fences
}

const commands = (text: string): Command[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n')
      return { command, output: output.join('\n').trimEnd() }
    })

const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes(`${sep}.`))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()
