import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { HOST } from '../bench.ts'
import { program, script } from '../child.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

// asks so many times, when it is told to, and says what became of each
const ASKER = `
  const { connect } = require('node:net')
  const [port, count] = process.argv.slice(-2)
  process.stdin.once('data', () => {
    for (let i = 0; i < count; i++) {
      let got = ''
      const socket = connect({ port, host: '${HOST}' }, () => socket.write('hello\\n'))
      socket.on('data', (chunk) => (got += chunk)).on('end', () => socket.end()).on('error', () => undefined)
      socket.on('close', () => console.log('got ' + got.trim()))
    }
    console.log('asked')
  })
  console.log('ready')`

export const draining: readonly Row[] = [
  {
    id: 'F34',
    title: 'a drain while others are being accepted: each is answered, or refused; none is half done [R25]',
    sides: ['server'],
    causes: ['Finished', 'ShutDown'],
    run: async (bench) => {
      const COUNT = 20
      const { listener } = await bench.serving()
      const asker = script(bench, ASKER, String(listener.address.port), String(COUNT))
      await asker.line('ready')
      asker.process.stdin?.write('now\n')
      // they connect while nobody accepts
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
      const report = await listener.drain()()
      assert.ok(E.isRight(report))
      const { live, arrived, finished, aborted, refused } = report.right
      assert.equal(finished + aborted + refused, live + arrived)
      await until('all outcomes', () => asker.lines.filter((line) => line.startsWith('got')).length === COUNT)
      asker.process.stdin?.end()
      const got = asker.lines.filter((line) => line.startsWith('got')).map((line) => line.slice(4))
      assert.deepEqual(new Set([...got, 'HELLO', '']), new Set(['HELLO', '']))
      assert.equal(got.filter((text) => text === 'HELLO').length, finished)
    },
  },
  {
    id: 'F58',
    title: 'SIGTERM: what is under way is answered, who comes late is refused, and the process ends with 0 [R25]',
    sides: ['server'],
    causes: [],
    run: async (bench) => {
      const child = await program(bench, 'faultServer', JSON.stringify({ answerMs: 300 }))
      const port = Number(await child.line('port'))
      const peer = bench.dial(port)
      let [got, ended] = ['', false]
      peer.on('data', (chunk: Buffer) => (got += chunk.toString())).on('end', () => (ended = true))
      peer.write('hello\n')
      await child.line('heard hello')
      child.process.kill('SIGTERM')
      await child.line('Stopping')
      let code: unknown
      while (code !== 'ECONNREFUSED') {
        code = await new Promise((resolve) => {
          const late = bench.dial(port)
          late.on('error', (error: Error) => {
            resolve('code' in error ? error.code : error)
          })
          late.on('connect', resolve).on('connect', () => late.destroy())
        })
      }
      await until('the end', () => ended)
      assert.equal(got, 'HELLO\n')
      peer.end()
      assert.equal(await child.exit, 0)
    },
  },
  {
    id: 'F58',
    title: 'SIGTERM and a peer that is not done at the deadline: he is broken off, and the process ends with 1 [R25]',
    sides: ['server'],
    causes: [],
    run: async (bench) => {
      const child = await program(bench, 'faultServer', JSON.stringify({ answerMs: 600_000, drainMs: 200 }))
      const peer = bench.dial(Number(await child.line('port')))
      let gone = false
      peer.on('close', () => (gone = true)).resume()
      peer.write('hello\n')
      await child.line('heard hello')
      child.process.kill('SIGTERM')
      await until('the reset', () => gone)
      assert.equal(await child.exit, 1)
    },
  },
]
