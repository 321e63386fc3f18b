import { matrix } from './matrix.ts'
import { servers } from './rows/servers.ts'

matrix('servers', servers)
