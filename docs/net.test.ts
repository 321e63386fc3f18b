import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DOCUMENTED, nameOf, reflected } from './harness/netMembers.ts'
import { ROOT } from './harness/snippet.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** One member of `node:net`: what stands for it here, and the test that shows it. */
interface Row {
  readonly section: string
  readonly member: string
  readonly here: string
  readonly proof: string
}

/** The tables of the page: the rows behind the line of dashes, under their heading. */
const rows: readonly Row[] = read('docs/net.md')
  .split(/^## /m)
  .slice(1)
  .flatMap((text) => {
    const section = (/^.*/.exec(text)?.[0] ?? '').replaceAll('`', '')
    return [...text.matchAll(/^\| `?([^|`]+)`? +\| (.*) \| (.*?) *\|$/gm)]
      .map(([, member = '', here = '', proof = '']) => ({ section, member: member.trim(), here: here.trim(), proof }))
      .filter(({ here }) => !/^-+$/.test(here) && here !== 'here')
  })

/** Files are those of packages/net/test, unless they say where they are. */
const quoted = (proof: string): readonly { readonly file: string; readonly title: string }[] =>
  proof.split(' · ').flatMap((one) => {
    const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(one) ?? []
    return title === '' ? [] : [{ file: file.includes('/') ? file : `packages/net/test/${file}`, title }]
  })

describe('docs/net.md', () => {
  test.each(Object.entries(DOCUMENTED))('has what Node documents of %s, in that order', (section, members) => {
    expect(rows.filter((row) => row.section === section).map(({ member }) => member)).toEqual(members)
  })

  test('has no table beside these', () => {
    expect([...new Set(rows.map(({ section }) => section))]).toEqual(Object.keys(DOCUMENTED))
  })

  test('has a row for every public member of the node:net that runs this', () => {
    const named = new Set(rows.map(({ member }) => nameOf(member)))
    expect(reflected().filter((name) => !named.has(name))).toEqual([])
  })

  test.each(rows)('says of $section what stands for $member, or why nothing does', ({ here, proof }) => {
    const leftOut = here.startsWith('left out: ')
    expect(leftOut || quoted(proof).length > 0, 'a quoted test, or "left out: " and the reason').toBe(true)
    expect(quoted(proof)).toHaveLength(proof === '' ? 0 : proof.split(' · ').length)
    for (const { file, title } of quoted(proof)) {
      expect(read(file).replaceAll("\\'", "'"), file).toContain(title)
    }
  })
})
