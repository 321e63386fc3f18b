export {
  chunking,
  chunkings,
  cut,
  cutAt,
  drip,
  dripping,
  everyTwoWaySplit,
  offsetView,
  offsetViews,
} from './chunkings.ts'
export type { Chunking, OffsetView } from './chunkings.ts'
export { arbitraryOf } from './codec/arbitraryOf.ts'
export { binaryLaws, codecLaws } from './codec/codecLaws.ts'
export type { CodecLawOptions } from './codec/codecLaws.ts'
export { broken, draw, firstBroken, held } from './law.ts'
export type { Broken, Held, Law, LawResult } from './law.ts'
export { LawBroken } from './lawBroken.ts'
export type { LawBrokenInfo } from './lawBroken.ts'
export { chunkIndependence } from './laws/chunkIndependence.ts'
export { framesStay } from './laws/framesStay.ts'
export { isolation } from './laws/isolation.ts'
export { limits } from './laws/limits.ts'
export type { Sized } from './laws/limits.ts'
export { roundTrip } from './laws/roundTrip.ts'
export type { RoundTripCase } from './laws/roundTrip.ts'
export { silenceAfterError } from './laws/silenceAfterError.ts'
export { stopAndResume } from './laws/stopAndResume.ts'
export { survival } from './laws/survival.ts'
export { truncation } from './laws/truncation.ts'
export { unreadBytes } from './laws/unreadBytes.ts'
export type { UnreadCase } from './laws/unreadBytes.ts'
export { wholeOrNothing } from './laws/wholeOrNothing.ts'
export { loopback } from './loopback.ts'
export type { Loopback, LoopbackOptions } from './loopback.ts'
export { hostileBytes, mutate, mutation } from './mutations.ts'
export type { Mutation } from './mutations.ts'
export { protocolLaws } from './protocolLaws.ts'
export type { LawOptions, ProtocolLaw, ReadBack } from './protocolLaws.ts'
export { sameOutcome, showOutcome, transcript } from './transcript.ts'
export type { Outcome, Transcript, TranscriptOptions } from './transcript.ts'
export { verifyProtocol } from './verifyProtocol.ts'
