import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CATALOGUE } from './catalogue/index.ts'
import { PEERS } from './catalogue/peers/index.ts'
import { pageWith } from './catalogue/page.ts'

describe('docs/framings.md', () => {
  it('is what `npm run docs:framings` writes', () => {
    const page = readFileSync(new URL('../../../docs/framings.md', import.meta.url), 'utf8')
    expect(page).toBe(pageWith(page))
  })

  it('places every row of a peer beside a framing of ours', () => {
    const names = CATALOGUE.map(({ name }) => name)
    for (const { rows } of PEERS) for (const { framing } of rows) expect(names).toContain(framing)
  })
})
