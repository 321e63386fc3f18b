/** Header fields in the order of the wire, names as they were written; a name may come more than once. */
export type Fields = ReadonlyArray<readonly [name: string, value: string]>

/** A frame of {@link headerFramed}. */
export interface HeaderFrame {
  /** The fields, but for the length: the body alone says how long it is. */
  readonly headers: Fields
  /** A view (R20). */
  readonly body: Uint8Array
}
