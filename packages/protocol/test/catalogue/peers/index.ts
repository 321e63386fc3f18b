import { erlang } from './erlang.ts'
import { netty } from './netty.ts'
import type { Peer } from './peer.ts'
import { pekko } from './pekko.ts'
import { swiftNio } from './swiftNio.ts'
import { tokio } from './tokio.ts'
import { twisted } from './twisted.ts'

/** Who else cuts streams into frames, in the order of the table. */
export const PEERS: ReadonlyArray<Peer> = [netty, tokio, swiftNio, pekko, twisted, erlang]
