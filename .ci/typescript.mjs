// node --import ./.ci/typescript.mjs: runs the TypeScript sources as they are, our packages by name, nothing built.
// Node 20 does not strip types by itself; what we write is erasable, so that this is all it takes.
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) register(import.meta.url)

const PACKAGE = /^@sluice\/(protocol|net|testing)$/

export const resolve = (specifier, context, next) => {
  const name = PACKAGE.exec(specifier)?.[1]
  if (name === undefined) return next(specifier, context)
  return { url: new URL(`../packages/${name}/src/index.ts`, import.meta.url).href, shortCircuit: true }
}

export const load = async (url, context, next) => {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const { default: ts } = await import('typescript')
  const text = await readFile(fileURLToPath(url), 'utf8')
  const { outputText } = ts.transpileModule(text, {
    fileName: fileURLToPath(url),
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
  })
  return { format: 'module', source: outputText, shortCircuit: true }
}
