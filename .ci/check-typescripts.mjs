// What a user's compiler says: the packed packages, installed into an empty project, with the types of four schema
// libraries going through a protocol to a handler, checked by every TypeScript we promise. What is right must
// compile; what is wrong must be an error at the place that is wrong, between /*[*/ and /*]*/, and nowhere else.
// The compilers are kept in .runtimes/typescripts, outside the workspaces and the lockfile.
// `node .ci/check-typescripts.mjs 5.7 7.0` runs those two alone.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, '.runtimes', 'typescripts')
const versions = ['5.7', '5.8', '5.9', '6.0', '7.0']
const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']

const folder = (version) => join(home, 'node_modules', `typescript-${version}`)
const tsc = (version) => {
  const { bin } = JSON.parse(readFileSync(join(folder(version), 'package.json'), 'utf8'))
  return join(folder(version), bin.tsc)
}

const fetchCompilers = () => {
  mkdirSync(home, { recursive: true })
  const dependencies = Object.fromEntries(versions.map((v) => [`typescript-${v}`, `npm:typescript@~${v}.0`]))
  writeFileSync(join(home, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`)
  if (versions.every((v) => existsSync(folder(v)))) return
  execFileSync('npm', ['install', ...flags], { cwd: home, stdio: 'inherit' })
}

/** How each library says a message of a number and a text. */
const schemas = {
  'io-ts': `import * as t from 'io-ts'\nconst Message = t.type({ id: t.number, text: t.string }, 'Message')`,
  zod: `import * as z from 'zod'\nconst Message = z.object({ id: z.number(), text: z.string() })`,
  valibot: `import * as v from 'valibot'\nconst Message = v.object({ id: v.number(), text: v.string() })`,
  arktype: `import { type } from 'arktype'\nconst Message = type({ id: 'number', text: 'string' })`,
}

const source = (schema) => `${schema}
import type { Codec, Invalid, Protocol } from '@sluice/protocol'
import { json, jsonLines, lengthPrefixed, through, typed, utf8 } from '@sluice/protocol'
import type { Handler } from '@sluice/net'
import { jsonRpcMethod, mapAsync, serve, speak } from '@sluice/net'
import type { Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { map } from 'rxjs'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Read<P> = P extends Protocol<infer In, never> ? In : never

const messages = pipe(lengthPrefixed({ width: 2 }), through(utf8), through(json()), through(typed(Message)))
const same: Same<Read<typeof messages>, { id: number; text: string }> = true
const protocol: Protocol<{ id: number; text: string }> = messages
const over: Protocol<{ id: number; text: string }> = pipe(jsonLines(), through(typed(Message)))
const codec: Codec<unknown, { id: number; text: string }> = typed(Message)
export const unused = [same, protocol, over, codec]

// what is right
serve(messages, map(({ id, text }) => ({ id: id + 1, text: text.toUpperCase() })))
serve(messages, mapAsync(4, async ({ id }) => ({ id, text: id.toFixed() })), { invalid: 'skip' })
serve(messages, (in$) => in$, { invalid: { answer: ({ message }) => ({ id: 0, text: message }) } })
speak(messages, (in$) => in$.pipe(map(({ id, text }) => ({ id: text.length, text: id.toFixed() }))))
speak(messages, map((one) => (one._tag === 'Left' ? { id: 0, text: one.left.message } : one.right)), { invalid: 'either' })
speak(messages, (in$) => in$.pipe(map((one) => ({ id: 0, text: one._tag }))), { invalid: 'either' })
export const method = jsonRpcMethod(Message, ({ id, text }) => id.toFixed() + text.trim())

// what is wrong
serve(messages, map(({ /*[*/name/*]*/ }) => ({ id: 1, text: String(name) })))
serve(messages, map(({ id }) => ({ id, text: id./*[*/trim/*]*/() })))
serve(messages, /*[*/map(({ id }) => ({ id: String(id), text: '' }))/*]*/)
serve(messages, /*[*/map((text: string) => ({ id: 1, text }))/*]*/)
speak(messages, /*[*/(in$) => in$.pipe(map(({ id }) => id))/*]*/)
speak(messages, /*[*/() => 1/*]*/)
const wrong: Handler<string, string> = (in$) => in$
speak(messages, /*[*/wrong/*]*/)
/*[*/serve(messages, wrong, { invalid: 'skip' })/*]*/
/*[*/serve(messages, (in$) => in$, { invalid: { answer: () => 1 } })/*]*/
const eithers: Handler<Either<Invalid, { id: number; text: string }>, { id: number; text: string }> = (in$) =>
  in$.pipe(map((one) => (one._tag === 'Left' ? { id: 0, text: '' } : one.right)))
speak(messages, /*[*/eithers/*]*/)
jsonRpcMethod(Message, ({ /*[*/name/*]*/ }) => name)
const /*[*/bad/*]*/: Protocol<string> = messages
export const last = bad
`

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: false,
}

/** An empty project with what npm makes of the packages, and the libraries users bring. */
const project = () => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-typescripts-')))
  const tarballs = ['protocol', 'net'].map((name) => {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', path, join(root, 'packages', name)]
    // npm 12 answers with an object by package name, older ones with an array
    const [{ filename }] = Object.values(JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })))
    return join(path, filename)
  })
  const libraries = ['rxjs', 'fp-ts', '@types/node', ...Object.keys(schemas)].map((n) => join(root, 'node_modules', n))
  writeFileSync(join(path, 'package.json'), `{ "name": "consumer", "private": true, "type": "module" }\n`)
  execFileSync('npm', ['install', '--prefer-offline', ...flags, ...tarballs, ...libraries], {
    cwd: path,
    stdio: 'pipe',
  })
  for (const [name, schema] of Object.entries(schemas)) writeFileSync(join(path, `${name}.ts`), source(schema))
  return path
}

/** Where errors must be, each as [from, to] in the text. */
const regionsOf = (text) =>
  [...text.matchAll(/\/\*\[\*\//g)].map(({ index }) => [index, text.indexOf('/*]*/', index) + '/*]*/'.length])

const offsetOf = (text, line, column) => {
  const lines = text.split('\n')
  return lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1
}

/** What is wrong with what a compiler says of one file. */
const faultsOf = (file, text, errors) => {
  const regions = regionsOf(text)
  const at = errors.map((error) => ({ ...error, offset: offsetOf(text, error.line, error.column) }))
  const within = ({ offset }, [from, to]) => offset >= from && offset <= to
  const stray = at.filter((error) => !regions.some((region) => within(error, region)))
  const missed = regions.filter((region) => !at.some((error) => within(error, region)))
  const lineOf = (offset) => text.slice(0, offset).split('\n').length
  return [
    ...stray.map(({ line, column, message }) => `${file}:${line}:${column}: an error that should not be: ${message}`),
    ...missed.map(([from]) => `${file}:${lineOf(from)}: no error where one should be`),
  ]
}

const ERROR = /^(.+)\((\d+),(\d+)\): error (.+)$/

const check = (version, path) => {
  const files = Object.keys(schemas).map((name) => `${name}.ts`)
  writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const started = performance.now()
  const { stdout, stderr, status } = spawnSync(process.execPath, [tsc(version), '-p', path, '--pretty', 'false'], {
    cwd: path,
    encoding: 'utf8',
    timeout: 600_000,
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const errors = stdout.split('\n').flatMap((text) => {
    const [, file, line, column, message] = ERROR.exec(text) ?? []
    return file === undefined ? [] : [{ file, line: Number(line), column: Number(column), message }]
  })
  const faults = [
    ...(status === null ? [`did not end: ${stderr}`] : []),
    ...errors.flatMap(({ file, line, message }) => (files.includes(file) ? [] : [`${file}:${line}: ${message}`])),
  ]
  const libraries = faults.length === 0 ? 'ok' : 'FAULT'
  const columns = files.map((file) => {
    const text = readFileSync(join(path, file), 'utf8')
    const said = errors.filter((error) => error.file === file)
    const own = faultsOf(file, text, said)
    faults.push(...own)
    return own.length === 0 ? `${regionsOf(text).length} errors, each in its place` : 'FAULT'
  })
  return { version, columns, libraries, faults, seconds }
}

fetchCompilers()
const path = project()
try {
  const wanted = process.argv.slice(2)
  const chosen = versions.filter((v) => wanted.length === 0 || wanted.includes(v))
  const rows = chosen.map((version) => check(version, path))
  for (const { version, faults } of rows) for (const fault of faults) console.error(`${version}: ${fault}`)
  const names = Object.keys(schemas)
  console.log(`| TypeScript | ${names.join(' | ')} | all declarations | seconds |`)
  console.log(`| --- |${' --- |'.repeat(names.length + 2)}`)
  for (const { version, columns, libraries, seconds } of rows) {
    const { version: exact } = JSON.parse(readFileSync(join(folder(version), 'package.json'), 'utf8'))
    console.log(`| ${exact} | ${columns.join(' | ')} | ${libraries} | ${seconds} |`)
  }
  process.exitCode = rows.length > 0 && rows.every(({ faults }) => faults.length === 0) ? 0 : 1
} finally {
  rmSync(path, { recursive: true, force: true })
}
