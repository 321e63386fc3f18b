import { fork } from 'node:child_process'

/** @type {Set<import('node:child_process').ChildProcess>} */
const live = new Set()

process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL')
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(130))

/**
 * A child that is talked to in messages and ends with this process at the latest.
 *
 * @param {string} file beside the caller, as a URL's text
 * @param {{ args?: readonly (string | number)[], execArgv?: string[], execPath?: string, env?: Readonly<Record<string, string>> | undefined, silent?: boolean }} [options]
 *   `silent`: what it prints is dropped; `execPath`: what runs it, with `execArgv` before the file (default: this Node)
 */
export const start = (file, { args = [], execArgv = [], execPath = process.execPath, env, silent = false } = {}) => {
  const child = fork(new URL(file), args.map(String), {
    execPath,
    execArgv,
    env: { ...process.env, ...env },
    stdio: ['ignore', silent ? 'ignore' : 'inherit', 'inherit', 'ipc'],
  })
  live.add(child)
  /** @type {{ tag: string, resolve: (message: any) => void, reject: (error: Error) => void }[]} */
  let waiting = []
  /** @type {any[]} */
  const inbox = []
  child.on('message', (/** @type {any} */ message) => {
    const at = waiting.findIndex((one) => one.tag === message.tag)
    if (at === -1) inbox.push(message)
    else waiting.splice(at, 1)[0]?.resolve(message)
  })
  child.on('exit', (code, signal) => {
    live.delete(child)
    for (const one of waiting) one.reject(new Error(`${file} ended (${code ?? signal}) before it said "${one.tag}"`))
    waiting = []
  })
  return {
    /** @param {Record<string, unknown>} message */
    tell: (message) => child.connected && child.send(message),
    /**
     * The next message of this tag.
     *
     * @param {string} tag
     * @param {number} [withinMs]
     * @returns {Promise<any>}
     */
    hear: (tag, withinMs = 60_000) => {
      const at = inbox.findIndex((message) => message.tag === tag)
      if (at !== -1) return Promise.resolve(inbox.splice(at, 1)[0])
      if (!live.has(child)) return Promise.reject(new Error(`${file} has ended`))
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${file} did not say "${tag}" in ${withinMs} ms`)), withinMs)
        waiting.push({
          tag,
          resolve: (message) => {
            clearTimeout(timer)
            resolve(message)
          },
          reject: (error) => {
            clearTimeout(timer)
            reject(error)
          },
        })
      })
    },
    end: () => {
      child.kill('SIGKILL')
    },
  }
}

/**
 * The other side of {@link start}: hears what the parent tells, and ends when it is gone, or has lived long enough.
 *
 * @param {Record<string, (message: any) => void>} handlers by tag
 * @param {number} [lifeMs]
 */
export const obey = (handlers, lifeMs = 600_000) => {
  process.on('message', (/** @type {any} */ message) => handlers[message.tag]?.(message))
  process.on('disconnect', () => process.exit(0))
  setTimeout(() => process.exit(3), lifeMs).unref()
}

/** @param {Record<string, unknown>} message */
export const say = (message) => {
  process.send?.(message)
}
