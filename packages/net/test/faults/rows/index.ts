import type { Row } from '../row.ts'
import { connecting } from './connecting.ts'
import { descriptors } from './descriptors.ts'
import { draining } from './draining.ts'
import { ending } from './ending.ts'
import { handlers } from './handlers.ts'
import { handshakes } from './handshakes.ts'
import { many } from './many.ts'
import { memory } from './memory.ts'
import { resets } from './resets.ts'
import { servers } from './servers.ts'
import { storm } from './storm.ts'
import { time } from './time.ts'

/** Every row that needs nothing but loopback. */
export const rows: readonly Row[] = [
  ...connecting,
  ...resets,
  ...ending,
  ...time,
  ...servers,
  ...draining,
  ...descriptors,
  ...handlers,
  ...memory,
  ...many,
  ...storm,
  ...handshakes,
]
