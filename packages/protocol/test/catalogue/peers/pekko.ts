import type { Peer } from './peer.ts'
import { filesOf } from './peer.ts'

const file = filesOf(
  'apache/pekko',
  '9d9771347e7f3f3900acc196c5cd9252384c2141',
  'stream/src/main/scala/org/apache/pekko/stream/',
)
const framing = file('scaladsl/Framing.scala')

export const pekko: Peer = {
  library: 'Pekko Streams',
  rows: [
    {
      framing: 'delimited',
      name: 'Framing.delimiter',
      options: ['delimiter (required, one)', 'maximumFrameLength (required)', 'allowTruncation = false'],
      limit: 'required; counts the frame without its delimiter; over it: the stream fails',
      fin: 'the stream fails, or a last frame with `allowTruncation`',
      encoder: 'none of its own',
      sources: framing,
    },
    {
      framing: 'lengthPrefixed',
      name: 'Framing.lengthField, Framing.simpleFramingProtocol',
      options: [
        'fieldLength (required; 1 to 4)',
        'fieldOffset = 0',
        'maximumFrameLength (required)',
        'byteOrder = LITTLE_ENDIAN (simpleFramingProtocol: 4 bytes, BIG_ENDIAN)',
        'computeFrameSize (none)',
      ],
      limit: 'required; counts the whole frame (simpleFramingProtocol: the message); over it: the stream fails',
      fin: 'the stream fails',
      encoder: 'of simpleFramingProtocol: a message over the limit; `lengthField` has none',
      sources: framing,
    },
    {
      framing: 'nested',
      name: 'JsonFraming.objectScanner (JSON objects by their braces)',
      options: ['maximumObjectLength (required)'],
      limit: 'required; over it: the stream fails',
      fin: 'the stream fails',
      encoder: 'none of its own',
      sources: file('scaladsl/JsonFraming.scala'),
    },
  ],
}
