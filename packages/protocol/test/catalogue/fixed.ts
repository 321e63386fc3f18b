import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import { bytes } from '../../src/framing/bytes.ts'
import { fixedLength } from '../../src/framing/fixedLength.ts'
import { REQUIRED, entry } from './entry.ts'

export const fixedLengthEntry = entry<{ readonly bytes: number }, Uint8Array, Uint8Array>({
  name: 'fixedLength',
  about: 'always as many bytes',
  options: { bytes: { default: REQUIRED, drawn: fc.integer({ min: 1, max: 20 }) } },
  build: ({ bytes: size }) => fixedLength(size),
  behaviour: ({ bytes: size }) => ({
    message: fc.uint8Array({ minLength: size, maxLength: size }),
    refused: hostileBytes(20),
    maxFrameBytes: size,
  }),
  exempt: { limits: 'the size is the limit: there is no other frame, and any other message is `NotEncodable`' },
})

export const bytesEntry = entry<object, Uint8Array, Uint8Array>({
  name: 'bytes',
  about: 'whatever comes',
  options: {},
  build: () => bytes(),
  behaviour: () => ({
    message: hostileBytes(12),
    maxFrameBytes: 0,
    truncates: false,
    except: ['roundTrip', 'chunkIndependence', 'unreadBytes'],
  }),
  exempt: {
    roundTrip: 'its messages are the chunks of the network; the bytes joined are tested by hand',
    chunkIndependence: 'its messages are the chunks of the network; the bytes joined are tested by hand',
    unreadBytes: 'nothing is ever left',
    truncation: 'every byte is a border',
    limits: 'there are no frames to limit',
  },
})
