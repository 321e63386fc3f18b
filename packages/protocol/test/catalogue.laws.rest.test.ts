import { CATALOGUE } from './catalogue/index.ts'
import { itKeepsItsLaws } from './catalogue/itKeepsItsLaws.ts'

itKeepsItsLaws(CATALOGUE.filter((_, i) => i % 2 === 1))
