import type { ByteWriter } from '../byteWriter.ts'
import type { Fields } from '../framing/headerFrame.ts'
import { fieldBytes, writeFields } from './fields.ts'

/** The bytes that {@link writeChunk} writes. */
export const chunkBytes = (dataBytes: number, extensions = ''): number =>
  dataBytes.toString(16).length + extensions.length + 2 + dataBytes + 2

export const writeChunk = (data: Uint8Array, extensions: string, out: ByteWriter): void => {
  out.latin1(`${data.length.toString(16)}${extensions}\r\n`)
  out.bytes(data)
  out.latin1('\r\n')
}

/** The bytes that {@link writeLast} writes. */
export const lastBytes = (trailers: Fields, extensions = ''): number => 3 + extensions.length + fieldBytes(trailers) + 2

export const writeLast = (trailers: Fields, extensions: string, out: ByteWriter): void => {
  out.latin1(`0${extensions}\r\n`)
  writeFields(trailers, out)
  out.latin1('\r\n')
}
