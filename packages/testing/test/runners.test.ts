import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const ROOT = file('../../..')
const NODE_TEST = file('./runners/nodeTest.mjs')
const JEST_CONFIG = file('./runners/jest.config.mjs')
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest')

/** Their start alone may take long on a machine that is busy. */
const PATIENCE_MS = 180_000

/** What a runner says to the laws of test/runners/laws.mjs, the last two of which do not hold. */
const says = async (...args: string[]): Promise<{ readonly said: string; readonly code: number | null }> => {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  const runner = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => runner.on('close', resolve))
  const [out, err] = await Promise.all([text(runner.stdout), text(runner.stderr)])
  return { said: out + err, code: await ended }
}

describe('the laws run under', () => {
  it(
    'node --test, which says what is broken and how to have it again',
    async () => {
      const { said, code } = await says('--import', './.ci/typescript.mjs', '--test', '--test-reporter=tap', NODE_TEST)
      expect(said).toContain('# pass 18')
      expect(said).toContain('# fail 2')
      expect(said).toMatch(/bytes {2}61 61 0a/)
      expect(said).toContain('repeat it with { seed: 7, path: "0:1:0:3:3:3" }')
      expect(said).toMatch(/not ok 20 - counting: begins anew with every subscription \[R26\]/)
      expect(code).toBe(1)
    },
    PATIENCE_MS,
  )

  it(
    'jest, which says what is broken and how to have it again',
    async () => {
      const { said, code } = await says('--experimental-vm-modules', JEST, '--config', JEST_CONFIG, '--runInBand')
      expect(said).toContain('2 failed, 18 passed, 20 total')
      expect(said).toMatch(/bytes {2}61 61 0a/)
      expect(said).toContain('repeat it with { seed: 7, path: "0:1:0:3:3:3" }')
      expect(said).toContain('● counting: begins anew with every subscription [R26]')
      expect(code).toBe(1)
    },
    PATIENCE_MS,
  )
})
