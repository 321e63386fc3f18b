export type { ByteWriter } from './byteWriter.ts'
export { byteQueue } from './byteQueue.ts'
export type { ByteQueue, SlabSource } from './byteQueue.ts'
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
export { DEFAULT_MAX_FRAME_BYTES, framing } from './framing/framing.ts'
export type { FramingOptions } from './framing/framing.ts'
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
export { fail, frame, more, need, skip } from './framing/step.ts'
export type { End, EndResult, Step, StepResult } from './framing/step.ts'
export type { Decoder, Protocol } from './protocol.ts'
