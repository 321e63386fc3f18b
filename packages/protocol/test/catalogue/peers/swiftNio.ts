import type { Peer } from './peer.ts'
import { filesOf } from './peer.ts'

const file = filesOf('apple/swift-nio-extras', '3078359149adac3dd1255621a041e361e3f0edd1', 'Sources/NIOExtras/')

const LEFT_OVER = 'an error with the bytes that are left over'

export const swiftNio: Peer = {
  library: 'SwiftNIO extras',
  rows: [
    {
      framing: 'lines',
      name: 'LineBasedFrameDecoder',
      options: ['none'],
      limit: 'none',
      fin: LEFT_OVER,
      encoder: 'none of its own',
      sources: file('LineBasedFrameDecoder.swift'),
    },
    {
      framing: 'fixedLength',
      name: 'FixedLengthFrameDecoder',
      options: ['frameLength (required)'],
      limit: 'the size itself',
      fin: LEFT_OVER,
      encoder: 'none of its own',
      sources: file('FixedLengthFrameDecoder.swift'),
    },
    {
      framing: 'lengthPrefixed',
      name: 'LengthFieldBasedFrameDecoder, LengthFieldPrepender',
      options: ['lengthFieldBitLength (required; 8, 16, 24, 32, 64)', 'lengthFieldEndianness = big'],
      limit: 'not to be chosen: a length over 2^31 - 1 is an error',
      fin: `${LEFT_OVER}; none right behind a length, which is taken out of the buffer before`,
      encoder: 'a payload that the length field cannot say',
      sources: file(
        'LengthFieldBasedFrameDecoder.swift',
        'LengthFieldPrepender.swift',
        'NIOLengthFieldBitLength.swift',
      ),
    },
    {
      framing: 'headerFramed',
      name: 'NIOJSONRPCFraming.ContentLengthHeaderFrameDecoder and …Encoder',
      options: ['none'],
      limit: 'none; a length is at most 2^32 - 1, a header block has no limit',
      fin: `${LEFT_OVER}; none right behind a header block`,
      encoder: 'nothing',
      sources: file('JSONRPCFraming+ContentLengthHeader.swift'),
    },
  ],
}
