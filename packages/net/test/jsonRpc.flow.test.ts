import { map, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { JsonRpcMethod } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { failure, notification, request, result, serving, speaker } from './support/rpc.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

/** A method that answers when it is let go, and how many wait. */
const gated = () => {
  const waiting: (() => void)[] = []
  const state = { running: 0, most: 0, begun: 0 }
  const method: JsonRpcMethod = async (params) => {
    state.begun++
    state.most = Math.max(state.most, ++state.running)
    await new Promise<void>((resolve) => waiting.push(resolve))
    state.running--
    return params
  }
  const letGo = (): void => {
    waiting.shift()?.()
  }
  return { method, state, letGo }
}

const wait: JsonRpcMethod = (_params, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'))
    })
  })

describe('jsonRpcServer()', () => {
  it('runs so many calls at once and reads no further meanwhile, those of batches included [R3]', async () => {
    const { method, state, letGo } = gated()
    const { say, lines } = await speaker(await serving({ method }, { parallelism: 2 }))
    const batch = (from: number) => `[${[0, 1, 2].map((n) => request(from + n, 'method', [from + n])).join(',')}]`
    say(batch(0), request(3, 'method', [3]), batch(4), request(7, 'method', [7]))
    for (let done = 0; done < 8; done++) {
      await until('a call', () => state.begun > done)
      await turns()
      expect(state.running).toBeLessThanOrEqual(2)
      letGo()
    }
    const answers = (await lines(4)).flat()
    expect(answers).toHaveLength(8)
    expect(answers).toContainEqual(result(7, [7]))
    expect(state.most).toBe(2)
  })

  it('answers each as soon as it is there, or in the order of the requests, as chosen', async () => {
    const pause: JsonRpcMethod = (params) => {
      const [ms] = params as [number]
      return new Promise((resolve) =>
        timer(ms)
          .pipe(map(() => ms))
          .subscribe(resolve),
      )
    }
    for (const ordered of [false, true]) {
      const { say, end } = await speaker(await serving({ pause }, { ordered }))
      say(request(1, 'pause', [50]), request(2, 'pause', [1]))
      const both = [result(1, 50), result(2, 1)]
      expect(await end()).toEqual(ordered ? both : both.reverse())
    }
  })

  it('aborts the signals of all that runs when the peer goes, and runs nothing of it any more [R14]', async () => {
    const signals: AbortSignal[] = []
    const told: unknown[] = []
    const hang: JsonRpcMethod = (params, call) => {
      signals.push(call.signal)
      return wait(params, call)
    }
    const served = await serving({ hang }, { parallelism: 2, onError: (error) => told.push(error) })
    const { say, socket } = await speaker(served)
    say(`[${request(1, 'hang')},${request(2, 'hang')},${request(3, 'hang')}]`)
    await until('both', () => signals.length === 2)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
    socket.resetAndDestroy()
    await until('the end', () => served.closed.length === 1)
    await turns()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(told).toEqual([])
  })

  it('gives a signal that is aborted already to who asks late [R14]', async () => {
    const { method, letGo, state } = gated()
    const late: boolean[] = []
    const asks: JsonRpcMethod = async (params, call) => {
      await method(params, call)
      late.push(call.signal.aborted)
    }
    const served = await serving({ asks })
    const { say, socket } = await speaker(served)
    say(request(1, 'asks'))
    await until('the call', () => state.running === 1)
    socket.resetAndDestroy()
    await until('the end', () => served.closed.length === 1)
    letGo()
    await until('it asked', () => late.length === 1)
    expect(late).toEqual([true])
  })

  it('still answers what runs when the peer has ended its side [R2][R9]', async () => {
    const { method, letGo, state } = gated()
    const served = await serving({ method })
    const { say, end } = await speaker(served)
    say(request(1, 'method', ['last']))
    const all = end()
    await until('the call', () => state.running === 1)
    await turns()
    letGo()
    expect(await all).toEqual([result(1, ['last'])])
    await until('the end', () => served.closed.length === 1)
    expect(served.closed[0]?.cause).toEqual({ _tag: 'Finished' })
  })

  it('cancels a request where the peer says so, and answers that it did; others go on', async () => {
    const { method, letGo, state } = gated()
    const { say, lines, end } = await speaker(await serving({ wait, method }, { cancelMethod: '$/cancelRequest' }))
    say(request(1, 'wait'), request('1', 'method', ['other']))
    await until('both', () => state.running === 1)
    say(notification('$/cancelRequest', { id: 9 }), notification('$/cancelRequest'))
    say(notification('$/cancelRequest', { id: 1 }))
    expect(await lines(1)).toEqual([failure(1, -32800, 'Request cancelled')])
    letGo()
    expect((await end())[1]).toEqual(result('1', ['other']))
  })

  it('knows no way to cancel unless it is told one', async () => {
    const { method, letGo, state } = gated()
    const { say, end } = await speaker(await serving({ method }))
    say(request(1, 'method', []), notification('$/cancelRequest', { id: 1 }))
    await until('the call', () => state.running === 1)
    letGo()
    expect(await end()).toEqual([result(1, [])])
  })
})
