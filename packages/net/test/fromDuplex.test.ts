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
})
