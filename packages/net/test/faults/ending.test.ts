import { matrix } from './matrix.ts'
import { ending } from './rows/ending.ts'

matrix('ending', ending)
