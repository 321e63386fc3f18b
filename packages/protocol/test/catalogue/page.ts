import { framingsTables } from './table.ts'

const BEGIN = '<!-- generated: npm run docs:framings -->'
const END = '<!-- end of what is generated -->'

/** The page with its generated part written anew. */
export const pageWith = (page: string): string => {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error('the page has no part that is generated')
  return `${before}${BEGIN}\n\n${framingsTables()}\n\n${END}${after}`
}
