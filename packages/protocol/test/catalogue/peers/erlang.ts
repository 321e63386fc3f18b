import type { Peer } from './peer.ts'
import { filesOf } from './peer.ts'

const parser = filesOf(
  'erlang/otp',
  '08e8efdba8500d2d6f54c6b1de1492b228017c9b',
  'erts/emulator/beam/',
)('packet_parser.c')
const sources = [
  ...parser,
  { title: 'inet:setopts/2', url: 'https://www.erlang.org/doc/apps/kernel/inet.html#setopts/2' },
]

const LIMIT =
  '`packet_size = 0` (none but what 31 bits say); counts the body behind the header; over it: the packet is invalid'
const NOT_LOOKED = 'not looked into'
const RECEIVING = 'the type has no effect on sending: the header is up to the program'

export const erlang: Peer = {
  library: 'Erlang/OTP',
  rows: [
    {
      framing: 'lines',
      name: '{packet, line}',
      options: ['line_delimiter = LF (one byte; kept in the packet)', 'packet_size = 0', 'buffer'],
      limit:
        '`packet_size = 0` (none): a line longer than the receive buffer is cut into packets; over `packet_size`: invalid; counts the delimiter',
      fin: NOT_LOOKED,
      encoder: RECEIVING,
      sources,
    },
    {
      framing: 'lengthPrefixed',
      name: '{packet, 1 | 2 | 4}; also sunrm, cdr, fcgi, tpkt',
      options: ['packet = 0 (none)', 'big endian', 'packet_size = 0'],
      limit: LIMIT,
      fin: NOT_LOOKED,
      encoder:
        'the header is written on sending for 1, 2 and 4; what a length that does not fit does was not looked into',
      sources,
    },
    {
      framing: 'berPrefixed',
      name: '{packet, asn1}',
      options: ['packet_size = 0', 'lengths of up to 4 bytes; tags of any length; the header is kept'],
      limit: LIMIT,
      fin: NOT_LOOKED,
      encoder: RECEIVING,
      sources,
    },
  ],
}
