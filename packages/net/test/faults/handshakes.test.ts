import { matrix } from './matrix.ts'
import { handshakes } from './rows/handshakes.ts'

matrix('TLS handshakes', handshakes)
