import { matrix } from './matrix.ts'
import { time } from './rows/time.ts'

matrix('time', time)
