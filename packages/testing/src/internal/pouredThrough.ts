/** What comes out of a Node stream when these chunks are written to it and it is ended: as much as there is before an error. */
export const pouredThrough = (
  stream: NodeJS.ReadWriteStream,
  chunks: ReadonlyArray<Uint8Array>,
): Promise<{ readonly chunks: ReadonlyArray<unknown>; readonly error: unknown }> =>
  new Promise((resolve) => {
    const out: unknown[] = []
    const done = (error?: unknown): void => {
      resolve({ chunks: out, error })
    }
    stream.on('data', (chunk: unknown) => out.push(chunk))
    stream.on('end', () => {
      done()
    })
    // not `undefined`, whatever it is: that would be none
    stream.on('error', (error: unknown) => {
      done(error ?? new Error('the stream failed'))
    })
    for (const chunk of chunks) if (stream.writable) stream.write(Buffer.from(chunk))
    if (stream.writable) stream.end()
  })
