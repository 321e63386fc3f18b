import { CATALOGUE } from './catalogue/index.ts'
import { itKeepsItsLaws } from './catalogue/itKeepsItsLaws.ts'

// the rest of them in a file of its own: files run at the same time
itKeepsItsLaws(CATALOGUE.filter((_, i) => i % 2 === 0))
