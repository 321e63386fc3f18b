import { matrix } from './matrix.ts'
import { memory } from './rows/memory.ts'

matrix('memory', memory)
