/** Ends the process once standard output and error have taken what was written to them. */
export const exitWhenFlushed = (code: number): void => {
  let left = 2
  const flushed = (): void => {
    left--
    // one turn more for whoever awaits the outcome
    if (left === 0) setImmediate(() => process.exit(code))
  }
  for (const stream of [process.stdout, process.stderr]) {
    // a pipe nobody reads any more has nothing to wait for
    if (stream.writable) stream.write('', flushed)
    else flushed()
  }
}
