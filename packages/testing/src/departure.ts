/**
 * What was there instead of what a script expects.
 *
 * | `_tag` | |
 * |---|---|
 * | `Bytes` | other bytes, from `offset` of the step's on; or bytes behind the last step |
 * | `End` | the other side ended; `bytes` had come of this step |
 * | `Reset` | it broke off |
 * | `Nothing` | nothing, for so long |
 * | `Stopped` | the peer was closed meanwhile |
 * | `Failed` | what `until` awaited failed |
 */
export type Departure =
  | { readonly _tag: 'Bytes'; readonly bytes: Uint8Array; readonly offset: number }
  | { readonly _tag: 'End'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Reset'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Nothing'; readonly bytes: Uint8Array; readonly afterMs: number }
  | { readonly _tag: 'Stopped'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Failed'; readonly error: unknown }
