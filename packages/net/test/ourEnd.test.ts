import { lines } from '@sluice/protocol'
import { firstValueFrom, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { mapAsync, speak } from '../src/index.ts'
import { clientPair, closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

describe('after our end', () => {
  it('a handler that goes on writing is told so, and what it said before still arrives [R8][R9]', async () => {
    const { connection, peer } = await pair()
    const heard = everything(peer)
    const talk = firstValueFrom(
      of(connection).pipe(
        speak(lines(), (in$) =>
          in$.pipe(
            mapAsync(4, (line) => Promise.resolve(line)),
            tap((line) => {
              if (line !== 'last') return
              connection.send(lines(), 'goodbye')
              connection.close()
            }),
          ),
        ),
      ),
    )
    peer.write('one\nlast\nmore\n')
    expect(await heard).toBe('one\ngoodbye\n')
    peer.end()
    expect((await talk).cause).toMatchObject({ _tag: 'HandlerFailed', error: { _tag: 'NotWritable', why: 'ended' } })
  })

  it('the end of the peer is seen, though nobody reads [R2][R10]', async () => {
    const { connection, peer } = await clientPair()
    connection.write(Buffer.from('only this\n'))
    connection.end()
    expect(await everything(peer)).toBe('only this\n')
    peer.end()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('what comes is kept for who reads later [R1]', async () => {
    const { connection, peer } = await clientPair()
    connection.end()
    await everything(peer)
    peer.end('answer')
    const bytes = await firstValueFrom(connection.data$)
    expect(Buffer.from(bytes).toString()).toBe('answer')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })
})
