import { matrix } from './matrix.ts'
import { handlers } from './rows/handlers.ts'

matrix('handlers', handlers)
