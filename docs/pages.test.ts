import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, fencesOf, pages } from './harness/snippet.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const json = (file: string) => JSON.parse(read(file)) as Record<string, Record<string, string> | undefined>

/** The prose of a page: what stands in fences is not looked at. */
const prose = (file: string): string => read(file).replaceAll(/^```[^]*?^```$/gm, '')

const anchors = (file: string): string[] =>
  [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

describe.each(pages())('%s', (page) => {
  test('has no link that leads nowhere', () => {
    const broken = [...prose(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
      .filter(([, path = '', anchor]) => {
        const target = path === '' ? page : normalize(join(dirname(page), path))
        if (!existsSync(join(ROOT, target))) return true
        return anchor !== undefined && !anchors(target).includes(anchor)
      })
      .map(([link]) => link)
    expect(broken).toEqual([])
  })

  test('has only fences whose language is checked, and npm commands that exist', () => {
    const { scripts = {} } = json('package.json')
    for (const { language, text, line } of fencesOf(page)) {
      expect(['', 'ts', 'console', 'sh'], `line ${String(line)}`).toContain(language)
      if (language !== 'sh') continue
      for (const command of text.split(/\n|&&/)) {
        const [npm, verb = '', script = verb] = command.trim().split(/ +/)
        expect(npm, `line ${String(line)}`).toBe('npm')
        if (verb !== 'ci') expect(Object.keys(scripts)).toContain(verb === 'run' ? script : verb)
      }
    }
  })

  test('names only npm scripts that exist', () => {
    const { scripts = {} } = json('package.json')
    const named = [...prose(page).matchAll(/`npm run ([\w:-]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })
})

describe('docs/semantics.md', () => {
  const rules = prose('docs/semantics.md')
    .split(/^### /m)
    .slice(1)
    .map((text) => ({
      rule: /^R\d+/.exec(text)?.[0] ?? text,
      status: /^Status: \*\*(kept|in part|planned)\*\*/m.exec(text)?.[1],
      proofs: [...text.matchAll(/^- `([^`]+)`: (.*)$/gm)].map(([, file = '', title = '']) => ({ file, title })),
    }))

  test('has every rule once, in order', () => {
    expect(rules.map(({ rule }) => rule)).toEqual(Array.from({ length: 27 }, (_, i) => `R${String(i + 1)}`))
  })

  test.each(rules)('says how $rule stands, and quotes tests that exist', ({ rule, status, proofs }) => {
    expect(status).toBeDefined()
    if (status === 'kept') expect(proofs).not.toEqual([])
    for (const { file, title } of proofs) {
      expect(title).toContain(rule)
      expect(read(file).replaceAll("\\'", "'"), file).toContain(title)
    }
  })
})

describe('docs/dependencies.md', () => {
  const named = new Set([...prose('docs/dependencies.md').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
  const manifests = [
    'package.json',
    ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/package.json`),
  ]

  test.each(manifests)('has every dependency of %s', (manifest) => {
    const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = json(manifest)
    const all = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
    expect(all.filter((name) => !named.has(name))).toEqual([])
  })
})
