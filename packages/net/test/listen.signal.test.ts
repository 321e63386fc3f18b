import { getEventListeners } from 'node:events'
import { firstValueFrom, lastValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ListenerEvent } from '../src/index.ts'
import { listen } from '../src/index.ts'
import { closing, everything, HOST, listening, peerOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

describe('signal', () => {
  it('aborted closes the listener at once, and aborts every connection [R14]', async () => {
    const stop = new AbortController()
    const listener = await listening({ signal: stop.signal })
    const events: ListenerEvent[] = []
    listener.events$.subscribe((event) => events.push(event))
    const [connection, peer] = await Promise.all([firstValueFrom(listener.connections$), peerOf(listener)])
    const broken = expect(everything(peer)).rejects.toThrow('closed before its end')
    stop.abort()
    expect(events.map(({ _tag }) => _tag)).toEqual(['Listening', 'Accepted', 'Closed'])
    expect((await closing(connection)).cause).toEqual({ _tag: 'ShutDown' })
    await broken
    await expect(peerOf(listener)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('completes the listening that it has ended', async () => {
    const stop = new AbortController()
    const outcome = new Promise((resolve, reject) => {
      listen({ port: 0, host: HOST, signal: stop.signal }).subscribe({
        next: () => {
          stop.abort()
        },
        error: reject,
        complete: () => {
          resolve('completed')
        },
      })
    })
    expect(await outcome).toBe('completed')
  })

  for (const host of [HOST, 'localhost']) {
    it(`aborted before ${host} is bound fails with ListenFailed`, async () => {
      const stop = new AbortController()
      const failing = lastValueFrom(listen({ port: 0, host, signal: stop.signal }))
      stop.abort(new Error('not now'))
      await expect(failing).rejects.toMatchObject({
        _tag: 'ListenFailed',
        code: 'ABORTED',
        cause: { message: 'not now' },
      })
    })
  }

  it('aborted before anybody subscribes fails with ListenFailed', async () => {
    const signal = AbortSignal.abort()
    await expect(lastValueFrom(listen({ port: 0, host: HOST, signal }))).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('can be shared by many listeners: no warning, and nothing of it stays behind [R14]', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => {
      warnings.push(warning)
    }
    process.on('warning', onWarning)
    afterwards(() => {
      process.off('warning', onWarning)
    })
    const { signal } = new AbortController()
    const many = await Promise.all(Array.from({ length: 20 }, () => listening({ signal })))
    for (const listener of many) listener.abort()
    await new Promise(setImmediate)
    expect(warnings).toEqual([])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
