import { matrix } from './matrix.ts'
import { draining } from './rows/draining.ts'

matrix('draining', draining)
