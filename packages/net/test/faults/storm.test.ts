import { matrix } from './matrix.ts'
import { storm } from './rows/storm.ts'

matrix('a server that comes back', storm)
