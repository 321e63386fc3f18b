import { matrix } from './matrix.ts'
import { descriptors } from './rows/descriptors.ts'

matrix('descriptors', descriptors)
