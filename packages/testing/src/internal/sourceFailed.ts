import { config } from 'rxjs'

/** What a source of ours fails with. */
export class SourceFailed extends Error {
  constructor() {
    super('the source failed')
  }
}

let listening = false

/**
 * An operator that has no handler for errors makes RxJS throw them at the process, later. That of a source of ours says
 * nothing that the laws do not; any other goes on as it would.
 */
export const expectSourceFailures = (): void => {
  if (listening) return
  listening = true
  const before = config.onUnhandledError
  config.onUnhandledError = (error) => {
    if (error instanceof SourceFailed) return
    if (before === null) throw error
    before(error)
  }
}
