/** Which end of the connection is ours. */
export type Side = 'client' | 'server'

/** What carries the bytes. */
export type Carrier = 'tcp' | 'tls'
