import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { BROKEN } from './harness/broken.ts'
import type { Program } from './harness/compile.ts'
import { compile } from './harness/compile.ts'
import { run } from './harness/run.ts'
import { ROOT, fencesOf, pages, snippets, sources } from './harness/snippet.ts'

const all = [...pages(), ...sources()].flatMap((file) => snippets(fencesOf(file)))

// A no-op where `npm test` has built them; else the programs would run against what was built last. Where the
// sources do not compile, the compiler says so, and the programs run against what it made of them.
const projects = ['sluice', 'testing'].map((name) => join('packages', name, 'tsconfig.src.json'))
spawnSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-b', ...projects], {
  cwd: ROOT,
  stdio: 'inherit',
})
const { programs, dispose } = compile([...all, ...BROKEN.map(({ snippet }) => snippet)])

afterAll(dispose)

/** What is wrong with a program: as it compiles, else as it runs. */
const faultsOf = async (program: Program, limitMs?: number): Promise<readonly string[]> =>
  program.faults.length > 0 ? program.faults : await run(program, limitMs)

describe('the programs of the documentation', () => {
  for (const program of programs.slice(0, all.length)) {
    const { snippet, file, faults } = program
    const at = `${snippet.file}:${String(snippet.line)}`
    // who writes tests is run as tests, with their own titles
    if (/from 'vitest'/.test(snippet.text)) {
      describe(`the tests at ${at}`, async () => {
        test('compile', () => {
          expect(faults).toEqual([])
        })
        await import(file)
      })
    } else {
      test.concurrent(`the one at ${at} compiles, runs, and prints what it says`, async () => {
        expect(await faultsOf(program)).toEqual([])
      })
    }
  }
})

describe('a program of the documentation is refused that', () => {
  BROKEN.forEach(({ title, snippet, fault, limitMs }) => {
    test.concurrent(title, async () => {
      const program = programs.find((one) => one.snippet === snippet)
      const faults = program === undefined ? [] : await faultsOf(program, limitMs)
      expect(faults.join('\n')).toMatch(fault)
    })
  })
})
