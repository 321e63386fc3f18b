import { matrix } from './matrix.ts'
import { many } from './rows/many.ts'

matrix('many connections', many)
