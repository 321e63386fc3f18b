// What a user gets: every package is packed, judged by publint and attw, installed from its
// tarball into an empty project, and loaded by bare Node with both import() and require().
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => join(root, 'node_modules', '.bin', name)
const temporary = mkdtempSync(join(tmpdir(), 'sluice-exports-'))
const faults = []

const run = (file, args, cwd = root) =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const attempt = (what, file, args, cwd) => {
  try {
    const output = run(file, args, cwd)
    console.log(`ok    ${what}`)
    return output
  } catch (error) {
    faults.push(what)
    console.log(`FAULT ${what}\n${error.stdout ?? ''}${error.stderr ?? error.message}`)
    return undefined
  }
}

/** The names of the values (not types) that a declaration file promises. */
const promised = (file) => {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    noEmit: true,
    strict: true,
  })
  for (const d of ts.getPreEmitDiagnostics(program)) {
    const where = d.file ? `${d.file.fileName}: ` : ''
    faults.push(`types: ${where}${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`)
  }
  const checker = program.getTypeChecker()
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file))
  if (symbol === undefined) return []
  return checker
    .getExportsOfModule(symbol)
    .map((s) => ({
      name: s.name,
      target: s.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(s) : s,
    }))
    .filter(({ target }) => target.flags & ts.SymbolFlags.Value)
    .map(({ name }) => name)
    .sort()
}

const names = (script, project) =>
  JSON.parse(run(process.execPath, ['-e', script], project))
    .filter((n) => n !== 'module.exports' && n !== '__esModule')
    .sort()

const load = (how, name, expression, expected, project) => {
  const what = `${how} ${name}`
  try {
    const print = '(m) => console.log(JSON.stringify(Object.keys(m)))'
    const got = names(`Promise.resolve(${expression}).then(${print})`, project)
    const missing = expected.filter((n) => !got.includes(n))
    const surplus = got.filter((n) => !expected.includes(n))
    if (missing.length + surplus.length > 0) {
      faults.push(what)
      console.log(`FAULT ${what}: missing [${missing}], not in the types [${surplus}]`)
    } else {
      console.log(`ok    ${what}: ${got.length} named exports`)
    }
  } catch (error) {
    faults.push(what)
    console.log(`FAULT ${what}\n${error.stderr ?? error.message}`)
  }
}

try {
  const packages = readdirSync(join(root, 'packages')).map((folder) => {
    const path = join(root, 'packages', folder)
    return { path, ...JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }
  })

  const tarballs = packages.map(({ name, path }) => {
    attempt(`publint ${name}`, bin('publint'), ['--strict', path])
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', temporary]
    // npm 12 answers with an object by package name, older ones with an array.
    const [{ filename }] = Object.values(JSON.parse(run('npm', pack, path)))
    const tarball = join(temporary, filename)
    attempt(`attw ${name}`, bin('attw'), [tarball, '--profile', 'esm-only'])
    return tarball
  })

  const project = join(temporary, 'project')
  run('mkdir', [project])
  writeFileSync(join(project, 'package.json'), `{ "name": "consumer", "private": true }\n`)
  const libraries = ['rxjs', 'fp-ts', 'fast-check'].map((n) => join(root, 'node_modules', n))
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
  const install = ['install', '--prefer-offline', ...flags, ...tarballs, ...libraries]

  if (attempt('npm install of the tarballs', 'npm', install, project) !== undefined) {
    for (const { name } of packages) {
      const expected = promised(join(project, 'node_modules', name, 'dist', 'index.d.ts'))
      if (expected.length === 0) console.log(`note  ${name} exports no value yet`)
      load('import()', name, `import("${name}")`, expected, project)
      load('require()', name, `require("${name}")`, expected, project)
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

for (const fault of faults) console.error(`check:exports: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1
