// node --import ./.ci/typescript.mjs .ci/framings.mjs: writes the tables of docs/framings.md from the catalogue.
import { readFile, writeFile } from 'node:fs/promises'
import { pageWith } from '../packages/protocol/test/catalogue/page.ts'

const file = new URL('../docs/framings.md', import.meta.url)
await writeFile(file, pageWith(await readFile(file, 'utf8')))
