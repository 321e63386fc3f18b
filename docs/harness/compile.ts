import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Snippet } from './snippet.ts'
import { ROOT } from './snippet.ts'

/** What a line of a program prints, in order. */
export interface Printing {
  /** Counted from 1, in the program. */
  readonly line: number
  readonly expected: readonly string[]
}

/** A program that can be run, or what is wrong with it. */
export interface Program {
  readonly snippet: Snippet
  /** Its JavaScript. */
  readonly file: string
  readonly printings: readonly Printing[]
  /** As the compiler says it, with the place in the page. */
  readonly faults: readonly string[]
}

export interface Compilation {
  readonly programs: readonly Program[]
  /** Removes what was written. */
  readonly dispose: () => void
}

/**
 * Compiles all the programs at once, under the strict options of the repository, against the built packages:
 * the declarations and the JavaScript that a user gets.
 *
 * Every `console.log` is replaced by `__print(line)`, which tells the line along with the text.
 */
export const compile = (snippets: readonly Snippet[]): Compilation => {
  mkdirSync(join(ROOT, 'docs', '.tsbuild'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, 'docs', '.tsbuild', 'snippets-'))
  const paths = snippets.map(({ file, line }) => join(folder, `${file.replaceAll(/\W/g, '_')}_${String(line)}.ts`))
  snippets.forEach((snippet, i) => {
    writeFileSync(paths[i] ?? '', snippet.text)
  })
  const program = ts.createProgram(paths, options())
  const printings = new Map<string, Map<number, string[]>>()
  program.emit(undefined, undefined, undefined, false, { before: [tellLines(printings)] })
  const programs = snippets.map((snippet, i) => {
    const path = paths[i] ?? ''
    const source = program.getSourceFile(path)
    const diagnostics =
      source === undefined
        ? []
        : [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return {
      snippet,
      file: path.replace(/\.ts$/, '.js'),
      printings: [...(printings.get(path) ?? [])].map(([line, expected]) => ({ line, expected })),
      faults: diagnostics.map((diagnostic) => describe(snippet, diagnostic)),
    }
  })
  return {
    programs,
    dispose: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const PRELUDE =
  "import { format as __format } from 'node:util'; const __print = (line) => (...args) => " +
  'process.stdout.write(JSON.stringify({ line, text: __format(...args) }) + "\\n"); '

const options = (): ts.CompilerOptions => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: Record<string, unknown> }
  }
  const { options: base } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  return {
    ...base,
    composite: false,
    declarationMap: false,
    sourceMap: false,
    // the declarations are checked by `npm run typecheck` and `npm run check:exports`
    skipLibCheck: true,
    typeRoots: [join(ROOT, 'node_modules', '@types')],
  }
}

const describe = ({ file, line }: Snippet, { file: source, start, messageText }: ts.Diagnostic): string => {
  const offset = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0
  return `${file}:${String(line + offset)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
}

/** Replaces `console.log`, and notes what the comments say about each line that has one. */
const tellLines =
  (printings: Map<string, Map<number, string[]>>): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (source) => {
    const expected = new Map<number, string[]>()
    printings.set(source.fileName, expected)
    const visit = (node: ts.Node): ts.Node => {
      if (!ts.isPropertyAccessExpression(node) || node.getText(source) !== 'console.log') {
        return ts.visitEachChild(node, visit, context)
      }
      // a call may take several lines: the comment stands behind its end
      const end = ts.isCallExpression(node.parent) && node.parent.expression === node ? node.parent.end : node.end
      const line = source.getLineAndCharacterOfPosition(end).line + 1
      expected.set(line, commentsBehind(source.text, end))
      const { factory } = context
      return factory.createCallExpression(factory.createIdentifier('__print'), undefined, [
        factory.createNumericLiteral(line),
      ])
    }
    const visited = ts.visitEachChild(source, visit, context)
    return context.factory.updateSourceFile(visited, [rawStatement(context.factory), ...visited.statements])
  }

/** The comment behind a position, and those that have the next lines for themselves. */
const commentsBehind = (text: string, end: number): string[] => {
  const [rest = '', ...below] = text.slice(end).split('\n')
  const first = /^[^'"`]*?\/\/(.*)$/.exec(rest)
  if (first === null) return []
  const comments = [(first[1] ?? '').trim()]
  for (const line of below) {
    const next = /^\s*\/\/(.*)$/.exec(line)
    if (next === null) break
    comments.push((next[1] ?? '').trim())
  }
  return comments
}

const rawStatement = (factory: ts.NodeFactory): ts.Statement =>
  factory.createExpressionStatement(factory.createIdentifier(PRELUDE))
