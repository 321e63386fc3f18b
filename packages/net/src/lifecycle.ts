/**
 * Where a connection stands. `open` and the half-closed phases carry data; from `leaving`, `aborting`
 * on only the socket's own end is awaited.
 */
export type Phase = 'open' | 'remoteEnded' | 'ending' | 'localEnded' | 'endingLast' | 'leaving' | 'aborting' | 'closed'

/** What can happen to it. */
export type Input = 'peerFin' | 'end' | 'flushed' | 'abort' | 'gone'

/** What is to be done then, in this order. */
export type Action = 'endTransport' | 'tellRemoteEnded' | 'tellLocalEnded' | 'abortTransport' | 'tellClosed'

/** A row of the table: the next phase, and what to do. */
export type Transition = readonly [next: Phase, ...actions: Action[]]

const ABORT: Transition = ['aborting', 'abortTransport']
const GONE: Transition = ['closed', 'tellClosed']

/**
 * The ratchet (R11) as a table. What a row leaves out changes nothing: every step is taken at most once,
 * and there is no way back.
 *
 * | phase | peerFin | end | flushed | abort | gone |
 * |---|---|---|---|---|---|
 * | open | remoteEnded | ending | | aborting | closed |
 * | remoteEnded | | endingLast | | aborting | closed |
 * | ending | endingLast | | localEnded | aborting | closed |
 * | localEnded | leaving | | | aborting | closed |
 * | endingLast | | | leaving | aborting | closed |
 * | leaving | | | | aborting | closed |
 * | aborting | | | | | closed |
 * | closed | | | | | |
 */
const TABLE: Readonly<Record<Phase, Partial<Readonly<Record<Input, Transition>>>>> = {
  open: {
    peerFin: ['remoteEnded', 'tellRemoteEnded'],
    end: ['ending', 'endTransport'],
    abort: ABORT,
    gone: GONE,
  },
  remoteEnded: { end: ['endingLast', 'endTransport'], abort: ABORT, gone: GONE },
  ending: {
    peerFin: ['endingLast', 'tellRemoteEnded'],
    flushed: ['localEnded', 'tellLocalEnded'],
    abort: ABORT,
    gone: GONE,
  },
  localEnded: { peerFin: ['leaving', 'tellRemoteEnded'], abort: ABORT, gone: GONE },
  endingLast: { flushed: ['leaving', 'tellLocalEnded'], abort: ABORT, gone: GONE },
  // both sides have ended: the socket closes by itself
  leaving: { abort: ABORT, gone: GONE },
  aborting: { gone: GONE },
  closed: {},
}

/** The transition for an input, or `undefined` where it changes nothing. */
export const transition = (phase: Phase, input: Input): Transition | undefined => TABLE[phase][input]

/** Whether our side may still write. */
export const writable = (phase: Phase): boolean => phase === 'open' || phase === 'remoteEnded'
