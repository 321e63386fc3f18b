import { PassThrough } from 'node:stream'
import { lastValueFrom, map, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex } from '../src/index.ts'

describe('fromDuplex()', () => {
  it('hands bytes over once to a stream that calls back from inside its write [R4]', async () => {
    const echo = fromDuplex(new PassThrough())
    const received = lastValueFrom(
      echo.data$.pipe(
        map((bytes) => Buffer.from(bytes).toString()),
        toArray(),
      ),
    )
    echo.write(Buffer.from('hello'))
    echo.end()
    expect((await received).join('')).toBe('hello')
    expect(echo.figures).toMatchObject({ bytesRead: 5, bytesWritten: 5, bytesUnsent: 0 })
  })

  it('refuses what is no bytes, and writes nothing of it [R8]', () => {
    const echo = fromDuplex(new PassThrough())
    // @ts-expect-error -- plain JavaScript is not told by the compiler
    expect(echo.write('text')).toMatchObject({ _tag: 'Left', left: { _tag: 'NotEncodable' } })
    expect(echo.unsentBytes).toBe(0)
    echo.abort()
  })
})
