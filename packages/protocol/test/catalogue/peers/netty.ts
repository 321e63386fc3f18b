import type { Peer } from './peer.ts'
import { filesOf } from './peer.ts'

const file = filesOf('netty/netty', '0bb88a3e061f77355627e7fd7fc170ffdada7578', '')
const codec = (name: string) => `codec-base/src/main/java/io/netty/handler/codec/${name}.java`
const cumulation = codec('ByteToMessageDecoder')

/** When a channel closes, `decodeLast` decodes once more and drops what is left. */
const DROPPED = 'dropped without a word (`decodeLast` only decodes once more)'

export const netty: Peer = {
  library: 'Netty',
  rows: [
    {
      framing: 'lines',
      name: 'LineBasedFrameDecoder',
      options: ['maxLength (required)', 'stripDelimiter = true', 'failFast = false'],
      limit:
        'required; counts the line without its ending; over it: exception, then the line is discarded and reading goes on',
      fin: DROPPED,
      encoder: 'none of its own',
      sources: file(codec('LineBasedFrameDecoder'), cumulation),
    },
    {
      framing: 'delimited',
      name: 'DelimiterBasedFrameDecoder',
      options: [
        'maxFrameLength (required)',
        'delimiters (one or more; shortest frame wins)',
        'stripDelimiter = true',
        'failFast = true',
      ],
      limit: 'required; counts the frame without its delimiter; over it: exception, frame discarded, reading goes on',
      fin: DROPPED,
      encoder: 'none of its own',
      sources: file(codec('DelimiterBasedFrameDecoder'), cumulation),
    },
    {
      framing: 'fixedLength',
      name: 'FixedLengthFrameDecoder',
      options: ['frameLength (required)'],
      limit: 'the size itself',
      fin: DROPPED,
      encoder: 'none of its own',
      sources: file(codec('FixedLengthFrameDecoder'), cumulation),
    },
    {
      framing: 'lengthPrefixed',
      name: 'LengthFieldBasedFrameDecoder, LengthFieldPrepender',
      options: [
        'maxFrameLength (required)',
        'lengthFieldOffset (required)',
        'lengthFieldLength (required; 1, 2, 3, 4, 8)',
        'lengthAdjustment = 0',
        'initialBytesToStrip = 0',
        'byteOrder = BIG_ENDIAN',
        'failFast = true',
        'prepender: lengthIncludesLengthFieldLength = false',
      ],
      limit:
        'required; counts the whole frame; over it: exception, frame discarded, reading goes on; not known to the prepender',
      fin: DROPPED,
      encoder: 'a length that does not fit 1, 2 or 3 bytes; decoder and prepender are configured apart',
      sources: file(codec('LengthFieldBasedFrameDecoder'), codec('LengthFieldPrepender'), cumulation),
    },
    {
      framing: 'varintPrefixed',
      name: 'ProtobufVarint32FrameDecoder, ProtobufVarint32LengthFieldPrepender',
      options: ['none'],
      limit: 'none (a TODO in the source says so); a length has at most 5 bytes',
      fin: DROPPED,
      encoder: 'nothing',
      sources: file(
        'codec-protobuf/src/main/java/io/netty/handler/codec/protobuf/ProtobufVarint32FrameDecoder.java',
        'codec-protobuf/src/main/java/io/netty/handler/codec/protobuf/ProtobufVarint32LengthFieldPrepender.java',
        cumulation,
      ),
    },
    {
      framing: 'chunked',
      name: 'HttpObjectDecoder (within HTTP)',
      options: [
        'maxInitialLineLength = 4096',
        'maxHeaderSize = 8192',
        'maxChunkSize = 8192',
        'allowPartialChunks = true',
      ],
      limit: 'lines and header block; a chunk over `maxChunkSize` is handed on in pieces; a body has no limit',
      fin: 'not looked into',
      encoder: 'not looked into',
      sources: file('codec-http/src/main/java/io/netty/handler/codec/http/HttpObjectDecoder.java'),
    },
    {
      framing: 'nested',
      name: 'RedisDecoder with RedisBulkStringAggregator and RedisArrayAggregator',
      options: ['maxInlineMessageLength = 64 KiB', 'decodeInlineCommands = false'],
      limit: '64 KiB for a line, 512 MiB for a bulk string',
      fin: DROPPED,
      encoder: 'not looked into',
      sources: file(
        'codec-redis/src/main/java/io/netty/handler/codec/redis/RedisDecoder.java',
        'codec-redis/src/main/java/io/netty/handler/codec/redis/RedisConstants.java',
        cumulation,
      ),
    },
  ],
}
