/** What the function of `answer` is given beside the request. */
export interface Answering {
  /** Aborted when nobody waits for the answer any more: the connection is over. Made when it is first asked for. */
  readonly signal: AbortSignal
}
