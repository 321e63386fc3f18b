import { matrix } from './matrix.ts'
import { resets } from './rows/resets.ts'

matrix('resets', resets)
