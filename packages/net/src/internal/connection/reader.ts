/** Who takes the bytes of a connection; one at a time. */
export interface Reader {
  /** Whether nothing that lies in the memory of a chunk is kept, or handed out, beyond the call. */
  readonly copies: boolean
  /** Called inside the gate. Who cannot take all of it now parks at the gate. */
  chunk(bytes: Uint8Array): void
  /** The peer's FIN; nothing follows. */
  end(): void
  /** No more is read, without a FIN: this side shuts down. */
  cut(): void
  fail(error: Error): void
  /** Since when an unfinished frame has been waiting, or `null`. */
  frameSince(): number | null
}

/** A reader that takes bytes and gives messages, so that it may have bytes nobody was given. */
export interface Decoding extends Reader {
  /** How many. */
  readonly undecodedBytes: number
  /** Takes them out. From inside the gate only while that is held. */
  takeUndecoded(): Uint8Array
  /** It is not to decode any more: its input completes, and what it has left is put back for the next one. */
  release(): void
}
