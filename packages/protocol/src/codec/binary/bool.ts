import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import { fixedPart } from '../internal/part.ts'

/** One byte, 1 or 0: true or false. Any other byte is refused. */
export const bool = binaryCodec<boolean>(
  fixedPart({
    layout: { _tag: 'Bool' },
    size: 1,
    readAt: (input, at) => {
      const byte = input.view.getUint8(at)
      if (byte > 1) input.fail(at, '0 or 1', String(byte))
      return byte === 1
    },
    writeAt: (output, at, value) => {
      if (typeof value === 'boolean') output.view.setUint8(at, value ? 1 : 0)
      else output.fail(at, 'true or false', brief(value))
    },
  }),
)
