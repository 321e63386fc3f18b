// What is not a development dependency of this repository: other runtimes (kept by `npm run check:runtimes` in .runtimes),
// and Effect, which wants a Node newer than the oldest supported here. Missing ones are left out of the bench.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bench = fileURLToPath(new URL('..', import.meta.url))
const runtimes = join(bench, '..', '.runtimes')
const effect = join(runtimes, 'effect')
const EFFECT = ['effect@4.1.0', '@effect/platform-node@4.0.6']

/**
 * A runtime by its name in .runtimes, if it is there.
 *
 * @param {string} name `bun`, or `node22` …
 */
export const runtime = (name) => {
  const path = join(runtimes, 'node_modules', name, 'bin', name.startsWith('node') ? 'node' : name)
  return existsSync(path) ? path : null
}

/** The server of Effect beside its packages, if they are installed. */
export const effectServer = () => {
  if (!existsSync(join(effect, 'node_modules', 'effect'))) return null
  const server = join(effect, 'server.mjs')
  copyFileSync(join(bench, 'servers', 'effect.mjs'), server)
  return server
}

export const benchFolder = bench

/** Puts Effect where {@link effectServer} looks for it. */
export const installEffect = () => {
  mkdirSync(effect, { recursive: true })
  writeFileSync(join(effect, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...EFFECT], {
    cwd: effect,
    stdio: 'inherit',
  })
  if (done.status !== 0) throw new Error('npm could not install Effect')
}
