import type { Peer } from './peer.ts'
import { filesOf } from './peer.ts'

const basic = filesOf(
  'twisted/twisted',
  '64661601a1e492a9448ac1011deb9cd9467a9e30',
  'src/twisted/',
)('protocols/basic.py')

const NOT_TOLD = 'not told: `connectionLost` comes, what was left is dropped'

export const twisted: Peer = {
  library: 'Twisted',
  rows: [
    {
      framing: 'lines',
      name: 'LineReceiver, LineOnlyReceiver',
      options: ['delimiter = CR LF', 'MAX_LENGTH = 16384'],
      limit:
        '16,384; counts the line without its delimiter; over it: `lineLengthExceeded`, which closes the connection unless overridden',
      fin: NOT_TOLD,
      encoder: 'nothing: a delimiter inside is written as it is; no limit',
      sources: basic,
    },
    {
      framing: 'lengthPrefixed',
      name: 'Int8StringReceiver, Int16StringReceiver, Int32StringReceiver',
      options: ['prefixLength = 1, 2 or 4, by class', 'structFormat = network order', 'MAX_LENGTH = 99999'],
      limit:
        '99,999; counts the payload; over it: `lengthLimitExceeded`, which closes the connection unless overridden; not known to `sendString`',
      fin: NOT_TOLD,
      encoder: 'a payload that the prefix cannot say',
      sources: basic,
    },
    {
      framing: 'decimalPrefixed',
      name: 'NetstringReceiver',
      options: ['MAX_LENGTH = 99999'],
      limit: '99,999; counts the payload; over it: the connection is closed; not known to `sendString`',
      fin: NOT_TOLD,
      encoder: 'nothing',
      sources: basic,
    },
    {
      framing: 'countedAfterLine',
      name: 'LineReceiver with setRawMode',
      options: ['by hand: raw data is not counted'],
      limit: 'of lines only',
      fin: NOT_TOLD,
      encoder: 'nothing',
      sources: basic,
    },
  ],
}
