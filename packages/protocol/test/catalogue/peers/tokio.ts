import type { Peer } from './peer.ts'
import { filesOf } from './peer.ts'

const file = filesOf('tokio-rs/tokio', 'ea91b33ca57ff0581b38e735cc108f831bccbdaa', 'tokio-util/src/codec/')

export const tokio: Peer = {
  library: 'tokio-util',
  rows: [
    {
      framing: 'lines',
      name: 'LinesCodec',
      options: ['max_length = usize::MAX'],
      limit: 'none unless chosen; counts the line without its LF; over it: an error, then the line is discarded',
      fin: 'a last line',
      encoder: 'nothing: a line with an LF inside is written as it is; no limit',
      sources: file('lines_codec.rs'),
    },
    {
      framing: 'delimited',
      name: 'AnyDelimiterCodec',
      options: ['seek_delimiters = `,` `;` LF CR (one byte each)', 'sequence_writer = `,`', 'max_length = usize::MAX'],
      limit: 'none unless chosen; counts the chunk without its delimiter; over it: an error, then it is discarded',
      fin: 'a last chunk',
      encoder: 'nothing: a delimiter inside is written as it is; no limit',
      sources: file('any_delimiter_codec.rs'),
    },
    {
      framing: 'lengthPrefixed',
      name: 'LengthDelimitedCodec',
      options: [
        'max_frame_length = 8 MiB',
        'length_field_length = 4 (1 to 8)',
        'length_field_offset = 0',
        'length_adjustment = 0',
        'num_skip = offset + length',
        'byte order = big endian',
      ],
      limit: '8 MiB; counts what the length field says when reading, the payload when writing; over it: an error',
      fin: 'an error: bytes remaining on stream',
      encoder: 'a payload over the limit, which is held within what the length field can say',
      sources: file('length_delimited.rs', 'decoder.rs'),
    },
    {
      framing: 'bytes',
      name: 'BytesCodec',
      options: ['none'],
      limit: 'none',
      fin: 'every byte is a border',
      encoder: 'nothing',
      sources: file('bytes_codec.rs'),
    },
  ],
}
