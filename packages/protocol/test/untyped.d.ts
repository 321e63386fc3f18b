// What the tests use of independent decoders that have no types of their own.

declare module 'asn1' {
  export const Ber: {
    Reader: new (bytes: Buffer) => {
      /** Reads the length at an offset: where it ends, or null while it is not whole. Throws for one it refuses. */
      readLength(offset: number): number | null
      readonly length: number
    }
    Writer: new () => {
      startSequence(tag: number): void
      writeByte(byte: number): void
      endSequence(): void
      readonly buffer: Buffer
    }
  }
}

declare module 'cobs' {
  /** Without the zero that ends a frame. */
  export const encode: (bytes: Buffer) => Buffer
  export const decode: (bytes: Buffer) => Buffer
}

declare module 'netstring' {
  /** The payload of the netstring at an offset, or -1 while it is not whole. Throws for one it refuses. */
  export const nsPayload: (bytes: Buffer, offset: number) => Buffer | -1
  export const nsLength: (bytes: Buffer, offset: number) => number
  export const nsWrite: (payload: Buffer) => Buffer
}

declare module 'slip' {
  export const encode: (bytes: Uint8Array) => Uint8Array
  export const Decoder: new (options: { onMessage: (message: Uint8Array) => void }) => {
    decode(bytes: Uint8Array): void
  }
}

/** A name of the browser's that the types of @msgpack/msgpack use. */
type BufferSource = ArrayBuffer | ArrayBufferView
