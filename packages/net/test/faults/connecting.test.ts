import { matrix } from './matrix.ts'
import { connecting } from './rows/connecting.ts'

matrix('connecting', connecting)
