import * as E from 'fp-ts/lib/Either.js'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../../protocol.ts'
import type { Step } from './sequence.ts'
import type { Invalid } from '../invalid.ts'
import { asValues, inSequence } from './sequence.ts'
import { ThroughDecoder } from './throughDecoder.ts'

/** Puts one codec more on a protocol that has one: the two become one, so that each frame is forwarded once. */
type Layer<In, Out> = <A, B>(codec: Step<In, Out, A, B>, name: () => string) => Protocol<A, B>

/** By the protocol itself: a copy of one, with another decoder, is a protocol of its own. */
const layers = new WeakMap<object, unknown>()

/** Makes the protocol whose codecs' errors are values. */
type Tolerance<In, Out> = () => Protocol<Either<Invalid, In>, Out>

const tolerances = new WeakMap<object, unknown>()

/** The protocol with errors of its codecs as values; `null` where it has none. */
export const tolerantLayer = <In, Out>(protocol: Protocol<In, Out>): Protocol<Either<Invalid, In>, Out> | null => {
  // as with layers, below
  const tolerance = tolerances.get(protocol) as Tolerance<In, Out> | undefined
  return tolerance?.() ?? null
}

/** The protocol whose frames go through the codec, but for those that are nothing: they are skipped. */
export const layerOn = <In, Out, A, B>(
  protocol: Protocol<In, Out>,
  codec: Step<In, Out, A, B>,
  name: () => string,
  isNothing?: (frame: In) => boolean,
): Protocol<A, B> => {
  // for a protocol only `layered` puts anything here, and what it puts is of the protocol's own types
  const layer = layers.get(protocol) as Layer<In, Out> | undefined
  return layer === undefined ? layered(protocol, codec, name, isNothing) : layer(codec, name)
}

const layered = <In, Out, A, B>(
  frames: Protocol<In, Out>,
  codec: Step<In, Out, A, B>,
  name: () => string,
  isNothing: ((frame: In) => boolean) | undefined,
): Protocol<A, B> => {
  const { decode, encode } = codec
  const protocol: Protocol<A, B> = {
    get name() {
      return name()
    },
    decoder: () => new ThroughDecoder(frames.decoder(), decode, isNothing),
    encode: (message, out) => {
      const wire = encode(message)
      return E.isLeft(wire) ? wire : frames.encode(wire.right, out)
    },
  }
  const layer: Layer<A, B> = (next, nextName) => layered(frames, inSequence(codec, next), nextName, isNothing)
  layers.set(protocol, layer)
  const tolerance: Tolerance<A, B> = () =>
    layered(frames, { decode: asValues(decode), encode }, () => `tolerant(${name()})`, isNothing)
  tolerances.set(protocol, tolerance)
  return protocol
}
