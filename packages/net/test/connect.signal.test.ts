import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { connect } from '../src/index.ts'
import { closing, HOST, listening, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

describe('one signal for many connections', () => {
  it('ends them all, and no warning of a leak comes [R14]', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    afterwards(() => process.off('warning', onWarning))
    const listener = await listening()
    listener.connections$.subscribe()
    const controller = new AbortController()
    const ended: unknown[] = []
    let connections = 0
    for (let i = 0; i < 30; i++) {
      connect({ host: HOST, port: portOf(listener), signal: controller.signal }).subscribe({
        next: (connection) => {
          connections++
          void closing(connection).then(({ cause }) => ended.push(cause))
        },
        error: (error: unknown) => ended.push(error),
      })
    }
    await until('all', () => connections === 30)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    controller.abort('enough')
    await until('the end', () => ended.length === 30)
    expect(ended).toEqual(Array.from({ length: 30 }, () => ({ _tag: 'Aborted', reason: 'enough' })))
    await turns()
    expect(warnings).toEqual([])
  })

  it('is forgotten by each when it is over [R14]', async () => {
    const listener = await listening()
    const { signal } = new AbortController()
    const options = { host: HOST, port: portOf(listener), signal }
    const subscriptions = [connect(options).subscribe(), connect(options).subscribe()]
    await turns()
    subscriptions[0]?.unsubscribe()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    subscriptions[1]?.unsubscribe()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    connect(options).subscribe().unsubscribe()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
