import fc from 'fast-check'
import type { FramingOptions, Step } from '../../src/index.ts'
import { DEFAULT_MAX_FRAME_BYTES, frame, framing, need } from '../../src/index.ts'
import { overLimit } from '../../src/internal/refusal.ts'
import { DONE } from '../../src/internal/stepDecoder.ts'
import { entry, limitsFrom } from './entry.ts'

/** Three bytes say how many follow. */
const step: Step<Uint8Array> = (bytes) => {
  if (bytes.length < 3) return need(3, 'header')
  const total = 3 + (bytes[0] ?? 0) * 65_536 + (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0)
  return bytes.length < total ? need(total, 'payload') : frame(bytes.subarray(3, total), total)
}

type Limited = Pick<FramingOptions<Uint8Array>, 'maxFrameBytes'>

const build = ({ maxFrameBytes = DEFAULT_MAX_FRAME_BYTES }: Limited) =>
  framing<Uint8Array>({
    name: `framing({ name: 'three bytes of length', maxFrameBytes: ${String(maxFrameBytes)} })`,
    maxFrameBytes,
    initial: undefined,
    step,
    encode: (message, out) => {
      if (message.length + 3 > maxFrameBytes) return overLimit(maxFrameBytes, message.length + 3, message)
      out.uintBE(message.length, 3)
      out.bytes(message)
      return DONE
    },
  })

export const framingEntry = entry<Limited, Uint8Array, Uint8Array>({
  name: 'framing',
  about: 'whatever a pure step says',
  options: { maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(3) } },
  build,
  behaviour: ({ maxFrameBytes = DEFAULT_MAX_FRAME_BYTES }) => ({
    message: fc.uint8Array({ maxLength: 20 }),
    maxFrameBytes,
    sized: {
      protocol: (limit) => build({ maxFrameBytes: limit }),
      message: (bytes) => new Uint8Array(bytes - 3),
      from: 3,
    },
  }),
})
