export type { ByteWriter } from './byteWriter.ts'
export { byteQueue } from './byteQueue.ts'
export type { ByteQueue, SlabSource } from './byteQueue.ts'
export { attempted } from './codec/attempted.ts'
export * as binary from './codec/binary/index.ts'
export type { AnyBinary, Binary, ReadBy, WrittenBy } from './codec/binary/binary.ts'
export type { FieldOptions } from './codec/binary/field.ts'
export type { FlagsOptions } from './codec/binary/flags.ts'
export type { PaddingOptions } from './codec/binary/constant.ts'
export type { LazyOptions } from './codec/binary/lazy.ts'
export type {
  Count,
  FieldLayout,
  FieldRef,
  IntegerLayout,
  Layout,
  SizedLayout,
  StructLayout,
  VariantLayout,
} from './codec/binary/layout.ts'
export type { AnyStruct, Struct, StructFields, StructInput, StructOutput } from './codec/binary/struct.ts'
export type { TupleInput, TupleOutput } from './codec/binary/tuple.ts'
export type { VariantCases, VariantInput, VariantOptions, VariantOutput } from './codec/binary/variant.ts'
export type { Codec } from './codec/codec.ts'
export { compose } from './codec/compose.ts'
export { base64, base64url, hex } from './codec/digits.ts'
export { imap } from './codec/imap.ts'
export { Invalid, issueLine } from './codec/invalid.ts'
export type { InvalidInfo, Issue, IssueInfo } from './codec/invalid.ts'
export { JSON_DEFAULTS, json } from './codec/json.ts'
export type { JsonOptions } from './codec/json.ts'
export { JSON_LINES_DEFAULTS, jsonLines } from './codec/jsonLines.ts'
export type { JsonLinesOptions } from './codec/jsonLines.ts'
export { cbor, msgpack } from './codec/library.ts'
export type { BinaryLibrary } from './codec/library.ts'
export { refine } from './codec/refine.ts'
export type {
  IoTsContext,
  IoTsError,
  IoTsType,
  Schema,
  SchemaInput,
  SchemaOutput,
  StandardIssue,
  StandardResult,
  StandardSchema,
} from './codec/schema.ts'
export { ascii, latin1, utf8 } from './codec/text.ts'
export { through } from './codec/through.ts'
export { tolerant } from './codec/tolerant.ts'
export { typed } from './codec/typed.ts'
export type { TypedOptions } from './codec/typed.ts'
export { typedAsync } from './codec/typedAsync.ts'
export { Malformed, NotEncodable, TooLong, Truncated, WrongOption } from './errors.ts'
export type {
  DecodeError,
  EncodeError,
  Fault,
  MalformedInfo,
  NotEncodableInfo,
  TooLongInfo,
  TruncatedInfo,
} from './errors.ts'
export type { Among, Chosen, ToChosen } from './framing/among.ts'
export { andThen } from './framing/andThen.ts'
export { attempt } from './framing/attempt.ts'
export { BER_PREFIXED_DEFAULTS, berPrefixed } from './framing/berPrefixed.ts'
export type { BerPrefixedOptions } from './framing/berPrefixed.ts'
export { bytes } from './framing/bytes.ts'
export { CHUNKED_DEFAULTS, chunked } from './framing/chunked.ts'
export type { ChunkedBody, ChunkedOptions } from './framing/chunked.ts'
export { chunks } from './framing/chunks.ts'
export type { Chunk } from './framing/chunks.ts'
export { COBS_DEFAULTS, cobs } from './framing/cobs.ts'
export type { CobsOptions } from './framing/cobs.ts'
export { copied } from './framing/copied.ts'
export type { CopyOf } from './framing/copied.ts'
export { COUNTED_AFTER_LINE_DEFAULTS, countedAfterLine } from './framing/countedAfterLine.ts'
export type { CountedAfterLineOptions, CountedFrame } from './framing/countedAfterLine.ts'
export { DECIMAL_PREFIXED_DEFAULTS, decimalPrefixed } from './framing/decimalPrefixed.ts'
export type { DecimalPrefixedOptions } from './framing/decimalPrefixed.ts'
export { DELIMITED_DEFAULTS, delimited } from './framing/delimited.ts'
export type { DelimitedOptions, Delimiter, DelimiterEscape } from './framing/delimitedOptions.ts'
export { either } from './framing/either.ts'
export type { EitherOptions } from './framing/either.ts'
export { branch, leaf } from './framing/element.ts'
export type { Branch, Element, ElementResult, Leaf } from './framing/element.ts'
export { firstByte } from './framing/firstByte.ts'
export type { FirstByteOptions } from './framing/firstByte.ts'
export { fixedLength } from './framing/fixedLength.ts'
export { framed } from './framing/framed.ts'
export type { FramedOptions } from './framing/framed.ts'
export { DEFAULT_MAX_FRAME_BYTES, framing } from './framing/framing.ts'
export type { FramingOptions } from './framing/framing.ts'
export type { Fields, HeaderFrame } from './framing/headerFrame.ts'
export { HEADER_FRAMED_DEFAULTS, headerFramed } from './framing/headerFramed.ts'
export type { HeaderFramedOptions } from './framing/headerFramed.ts'
export type {
  ChecksumTrailer,
  Endian,
  FixedTrailer,
  LengthIncludes,
  LengthPrefixedOptions,
  LengthStrip,
  LengthWidth,
  Trailer,
} from './framing/lengthOptions.ts'
export { LENGTH_PREFIXED_DEFAULTS, lengthPrefixed } from './framing/lengthPrefixed.ts'
export { limited } from './framing/limited.ts'
export type { LimitedOptions } from './framing/limited.ts'
export { DEFAULT_MAX_LINE_BYTES, lines } from './framing/lines.ts'
export type {
  DecodedLine,
  InvalidTextPolicy,
  Line,
  LineEncoding,
  LineEnding,
  LinesOptions,
  TooLongPolicy,
} from './framing/lineOptions.ts'
export { NESTED_DEFAULTS, nested } from './framing/nested.ts'
export type { NestedOptions } from './framing/nested.ts'
export { prefixed } from './framing/prefixed.ts'
export { readers } from './framing/readers.ts'
export type { Cursor, Reader, Readers, ReadRequest, Reading } from './framing/readers.ts'
export { skipping } from './framing/skipping.ts'
export type { SkippingOptions } from './framing/skipping.ts'
export { SLIP_DEFAULTS, slip } from './framing/slip.ts'
export type { SlipOptions } from './framing/slip.ts'
export { fail, frame, more, need, refuse, skip } from './framing/step.ts'
export type { End, EndResult, NoFrame, Step, StepResult } from './framing/step.ts'
export { VARINT_PREFIXED_DEFAULTS, varintPrefixed } from './framing/varintPrefixed.ts'
export type { VarintPrefixedOptions } from './framing/varintPrefixed.ts'
export { JSON_RPC_DEFAULTS, jsonRpc } from './jsonRpc/jsonRpc.ts'
export type { JsonRpcOptions } from './jsonRpc/jsonRpc.ts'
export { JSON_RPC_HEADERS_DEFAULTS, jsonRpcHeaders } from './jsonRpc/jsonRpcHeaders.ts'
export type { JsonRpcHeadersOptions } from './jsonRpc/jsonRpcHeaders.ts'
export { JSON_RPC_LINES_DEFAULTS, jsonRpcLines } from './jsonRpc/jsonRpcLines.ts'
export type { JsonRpcLinesOptions } from './jsonRpc/jsonRpcLines.ts'
export { JSON_RPC_CODES } from './jsonRpc/message.ts'
export type {
  JsonRpcBatch,
  JsonRpcBroken,
  JsonRpcErrorObject,
  JsonRpcFailure,
  JsonRpcId,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcParams,
  JsonRpcReceived,
  JsonRpcRequest,
  JsonRpcResult,
  JsonRpcSent,
} from './jsonRpc/message.ts'
export type { Decoder, Protocol } from './protocol.ts'
export { wholeNumber } from './wholeNumber.ts'
