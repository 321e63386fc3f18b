import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import type { Child } from '../child.ts'
import { program } from '../child.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** Lets a running process have only so many descriptors more than it has. */
const leave = ({ process: { pid } }: Child, more: number): void => {
  const most = String(readdirSync(`/proc/${String(pid)}/fd`).length + more)
  const { status } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${most}:${most}`])
  assert.equal(status, 0)
}

/** Milliseconds of the processor a process has had. */
const cpuMs = ({ process: { pid } }: Child): number => {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'latin1')
      .split(') ')[1]
      ?.split(' ') ?? []
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/** That it waits, instead of trying again and again. */
const rests = async (child: Child): Promise<void> => {
  const before = cpuMs(child)
  await sleep(1_000)
  assert.ok(cpuMs(child) - before < 500, 'it spins')
}

/** A peer that says hello, and is answered. */
const isServed = async (bench: Bench, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const peer = bench.dial(port)
    peer.on('data', () => {
      resolve(true)
    })
    peer.on('close', () => {
      resolve(false)
    })
    peer.write('hello\n')
  })

export const descriptors: readonly Row[] = [
  {
    id: 'F29',
    title: 'EMFILE on accept: told, who comes is refused, who is there talks on, and it recovers [R24]',
    sides: ['server'],
    needs: 'prlimit',
    causes: [],
    run: async (bench) => {
      const child = await program(bench, 'faultServer')
      const port = Number(await child.line('port'))
      assert.ok(await isServed(bench, port))
      const early = bench.dial(port)
      let got = ''
      early.on('data', (chunk: Buffer) => (got += chunk.toString()))
      early.write('early\n')
      await until('the answer', () => got === 'EARLY\n')
      leave(child, 40)
      // it looks once a second how many it may have
      await sleep(1_500)
      const crowd = Array.from({ length: 60 }, () => bench.dial(port).resume())
      await child.line('accept failed OutOfDescriptors')
      await child.line('refused descriptors')
      await rests(child)
      early.write('still here\n')
      await until('the answer', () => got === 'EARLY\nSTILL HERE\n')
      for (const one of crowd) one.destroy()
      await child.line('Resumed descriptors')
      assert.ok(await isServed(bench, port))
    },
  },
  {
    id: 'F30',
    title: 'EMFILE on connect is ConnectFailed EMFILE; with descriptors free again it connects [R10][R27]',
    sides: ['client'],
    needs: 'prlimit',
    causes: [],
    run: async (bench) => {
      const { port } = await bench.plainServer()
      const child = await program(bench, 'faultClient', String(port))
      await child.line('ready')
      leave(child, 20)
      child.process.stdin?.write('60\n')
      await until('all attempts', () => child.lines.filter((line) => /^(connected|failed)/.test(line)).length === 60)
      assert.deepEqual(new Set(child.lines.slice(1)), new Set(['connected', 'failed ConnectFailed EMFILE']))
      await rests(child)
      child.process.stdin?.write('close\n')
      await child.line('closed')
      child.process.stdin?.write('1\n')
      await until('the last', () => child.lines.at(-1) === 'connected')
      child.process.stdin?.end()
      assert.equal(await child.exit, 0)
    },
  },
]
