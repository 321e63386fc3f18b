/**
 * A stream went another way than expected. The message is both, one under the other, and where they part:
 *
 * ```
 *  a timeline differs
 *
 *  expected  Connected Data+   RemoteEnded LocalEnded Closed(Finished) |
 *  got       Connected Data(5) Failed(ConnectionLost) Closed(Reset) |
 *                              ^
 * ```
 */
export class TimelineDiffers extends Error {
  readonly _tag = 'TimelineDiffers'
  readonly expected: string
  readonly got: string

  constructor(expected: string, got: string, drawing: string) {
    super(`a timeline differs\n\n${drawing}`)
    this.name = 'TimelineDiffers'
    this.expected = expected
    this.got = got
  }
}
