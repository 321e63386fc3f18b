/** One law about an operator, a handler or a transport, ready to run: as `ProtocolLaw`, but it takes turns of the event loop. */
export interface EventualLaw {
  /** `leaves its source and its timers when it is left [R14]`; the same in every run. */
  readonly name: string
  /** Rejects with `LawBroken` if the law does not hold. */
  readonly run: () => Promise<void>
}
