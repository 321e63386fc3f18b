import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const packages = fileURLToPath(new URL('../../../', import.meta.url))
const output = join(packages, 'net/.tsbuild/programs')
const SOURCES = ['protocol/src', 'net/src', 'net/test/support/programs']

const PROGRAMS: Readonly<Record<string, URL>> = {
  descriptors: new URL('./programs/descriptors.ts', import.meta.url),
  faultClient: new URL('./programs/faultClient.ts', import.meta.url),
  faultServer: new URL('./programs/faultServer.ts', import.meta.url),
  handedDown: new URL('./programs/handedDown.ts', import.meta.url),
  server: new URL('./programs/server.ts', import.meta.url),
  workers: new URL('./programs/workers.ts', import.meta.url),
}

/**
 * The JavaScript of one of `programs/`, with all it imports, made of the sources: nothing need be built,
 * and only what has changed since the last time is compiled.
 */
export const compiled = async (name: string): Promise<string> => {
  const program = PROGRAMS[name]
  if (program === undefined) throw new Error(`there is no program ${name}`)
  const stale: (readonly [from: string, to: string, stamp: string])[] = []
  for (const folder of SOURCES) {
    for (const file of readdirSync(join(packages, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      const from = join(packages, folder, file)
      const to = join(output, folder, file.replace(/ts$/, 'js'))
      const stamp = `// ${createHash('sha256').update(readFileSync(from)).digest('hex')}\n`
      if (!existsSync(to) || !readFileSync(to, 'utf8').startsWith(stamp)) stale.push([from, to, stamp])
    }
  }
  if (stale.length !== 0) await compile(stale)
  return join(output, relative(packages, fileURLToPath(program)).replace(/ts$/, 'js'))
}

const compile = async (stale: readonly (readonly [string, string, string])[]): Promise<void> => {
  const { default: ts } = await import('typescript')
  const protocol = pathToFileURL(join(output, 'protocol/src/index.js')).href
  for (const [from, to, stamp] of stale) {
    const { outputText } = ts.transpileModule(readFileSync(from, 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    })
    mkdirSync(dirname(to), { recursive: true })
    // several test files may be at it at once
    const draft = `${to}.${randomUUID()}`
    writeFileSync(draft, stamp + outputText.replaceAll("'@sluice/protocol'", `'${protocol}'`))
    renameSync(draft, to)
  }
}
