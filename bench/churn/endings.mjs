// The ways a connection is opened and ended. Each is run to its end by one side; the servers report the other.
import { Socket } from 'node:net'
import { concat, finalize, from, ignoreElements, map, of, take, tap } from 'rxjs'
import { connect, lines, speak } from 'sluice'

/**
 * @typedef {object} Context
 * @property {number} port
 * @property {ReturnType<import('../internal/random.mjs')['random']>} rng
 * @property {AbortSignal} signal
 */

/**
 * @typedef {object} Client what a client knows when it is over
 * @property {number | undefined} [localPort]
 * @property {import('sluice').ConnectionEvent[]} [closes] its events, `Data` left out
 * @property {() => boolean} [completed] whether its events had an end
 * @property {() => unknown} [after] what is left to do when the server has reported
 */

/**
 * @typedef {object} Ending
 * @property {string} name
 * @property {number} weight
 * @property {readonly string[]} server the causes the server may report
 * @property {readonly string[]} [client] those the client may report, where it is one of ours
 * @property {'answering' | 'silence' | 'lobby'} [at] which server (default: `answering`)
 * @property {(context: Context) => Promise<Client>} run
 */

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * A client of bare `node:net`, connected.
 *
 * @param {Context} context
 * @param {{ reads?: boolean }} [options]
 */
const bare = async ({ port, rng }, { reads = true } = {}) => {
  const socket = new Socket({ allowHalfOpen: true })
  let text = ''
  let ended = false
  /** @type {(() => void)[]} */
  let looking = []
  const look = () => {
    const all = looking
    looking = []
    for (const f of all) f()
  }
  const gone = new Promise((resolve) => socket.on('close', () => resolve(undefined)))
  socket.on('error', () => undefined)
  socket.on('close', look)
  socket.on('end', () => {
    ended = true
    look()
  })
  if (!reads) socket.pause()
  else {
    socket.on('data', (chunk) => {
      text += chunk
      look()
    })
  }
  socket.connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined))
    socket.once('error', reject)
  })
  const { localPort } = socket
  /** @param {() => boolean} holds */
  const until = async (holds) => {
    while (!holds() && !socket.destroyed) await new Promise((resolve) => looking.push(() => resolve(undefined)))
  }
  return {
    socket,
    /**
     * Writes text cut in up to three pieces.
     *
     * @param {string} what
     */
    say: async (what) => {
      for (let rest = what; rest !== '';) {
        const size = 1 + rng.upTo(rest.length)
        socket.write(rest.slice(0, size))
        rest = rest.slice(size)
        if (rest !== '') await new Promise((resolve) => setImmediate(resolve))
      }
    },
    /** @param {string} what */
    hears: (what) => until(() => text.includes(what)),
    ended: () => until(() => ended),
    over: async () => {
      await gone
      return { localPort }
    },
    /** For who is not told, or does not listen: leaves when the server has reported. */
    lasting: () => ({ localPort, after: () => socket.destroy() }),
  }
}

/** @param {Context} context */
const chatter = ({ rng }) => Array.from({ length: rng.upTo(4) }, (_, i) => `${i % 2 ? 'async ' : ''}line ${i}`)

/** @param {readonly string[]} all */
const text = (all) => all.map((line) => `${line}\n`).join('')

/**
 * A client of ours, held until it is over; `cut` unsubscribes it.
 *
 * @param {Context} context
 * @param {(cut: () => void) => import('sluice').Handler<string, string>} handler
 * @returns {Promise<Client>}
 */
const lifted = ({ port, signal }, handler) =>
  new Promise((resolve) => {
    /** @type {import('sluice').ConnectionEvent[]} */
    const closes = []
    let made = false
    let completed = false
    /** @type {number | undefined} */
    let localPort
    const over = () => {
      resolve(made ? { localPort, closes, completed: () => completed } : /** @type {Client} */ ({}))
    }
    const subscription = connect({ port, host: '127.0.0.1', signal })
      .pipe(
        tap((connection) => {
          made = true
          localPort = connection.local?.port
          connection.events$.subscribe({
            next: (event) => {
              if (event._tag !== 'Data') closes.push(event)
            },
            complete: () => {
              completed = true
              over()
            },
          })
        }),
        speak(
          lines(),
          handler(() => subscription.unsubscribe()),
        ),
        finalize(() => {
          if (!made) over()
        }),
      )
      .subscribe({ error: () => undefined })
  })

/**
 * A client of ours that says something, with what comes back going to `heard`.
 *
 * @param {readonly string[]} says
 * @param {(line: string) => void} [heard]
 * @returns {import('sluice').Handler<string, string>}
 */
const saying =
  (says, heard = () => undefined) =>
  (in$) =>
    concat(from(says), in$.pipe(tap(heard), ignoreElements()))

/**
 * Something is said to the server, and what it does then ends the connection.
 *
 * @param {string} command
 * @param {readonly string[]} server
 * @returns {Ending}
 */
const told = (command, server) => ({
  name: `server: ${command}`,
  weight: 3,
  server,
  client: ['Reset'],
  run: (context) => lifted(context, () => saying([...chatter(context), command])),
})

/** @type {readonly Ending[]} */
export const ENDINGS = [
  {
    name: 'FIN of the client',
    weight: 10,
    server: ['Finished'],
    run: async (context) => {
      const client = await bare(context)
      const said = chatter(context)
      await client.say(text(said))
      client.socket.end()
      await client.ended()
      return client.over()
    },
  },
  {
    name: 'both of ours, all said',
    weight: 10,
    server: ['Finished'],
    client: ['Finished'],
    run: (context) => {
      const says = chatter(context)
      return lifted(
        context,
        () => (in$) => concat(from([...says, 'last']), in$.pipe(take(says.length + 1), ignoreElements())),
      )
    },
  },
  {
    name: 'half-close of the server, then FIN',
    weight: 8,
    server: ['Finished'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text([...chatter(context), 'bye']))
      await client.ended()
      await client.say('too late\nand half a li')
      await sleep(context.rng.upTo(20))
      client.socket.end()
      return client.over()
    },
  },
  {
    name: 'half-close of the client, answer later',
    weight: 6,
    server: ['Finished'],
    client: ['Finished'],
    run: (context) =>
      lifted(context, () => (in$, connection) => {
        setTimeout(() => connection.end(), context.rng.upTo(10))
        return saying(['first', 'later'])(in$, connection)
      }),
  },
  {
    name: 'close of the server, the client ends',
    weight: 5,
    server: ['Finished'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text([...chatter(context), 'close', 'stay']))
      await client.ended()
      client.socket.end()
      return client.over()
    },
  },
  {
    name: 'close of the server, the client lingers',
    weight: 3,
    server: ['TimedOut'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text(['close']))
      return client.lasting()
    },
  },
  {
    name: 'end of the server, the client stays silent',
    weight: 3,
    server: ['TimedOut'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text(['end']))
      return client.lasting()
    },
  },
  {
    name: 'reset by the client',
    weight: 10,
    server: ['Reset'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text(['first']))
      await client.hears('first')
      await client.say(text([...chatter(context), ...(context.rng.upTo(1) ? ['later', 'later', 'later'] : [])]))
      client.socket.resetAndDestroy()
      return client.over()
    },
  },
  {
    name: 'reset at once',
    weight: 5,
    server: [],
    at: 'lobby',
    run: async (context) => {
      const client = await bare(context)
      await client.say(text(chatter(context)))
      client.socket.resetAndDestroy()
      return client.over()
    },
  },
  {
    name: 'FIN, then reset, half-open',
    weight: 4,
    server: ['Reset'],
    run: async (context) => {
      const client = await bare(context, { reads: false })
      await client.say(text(['unread', 'stay']))
      client.socket.end()
      await sleep(30)
      // the answer lies unread: the kernel makes a reset of this
      client.socket.destroy()
      return client.over()
    },
  },
  {
    name: 'FIN inside a line',
    weight: 8,
    server: ['Truncated'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(`${text(chatter(context))}half a li`)
      client.socket.end()
      return client.over()
    },
  },
  {
    name: 'a line over the limit',
    weight: 5,
    server: ['ProtocolFailed'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text(chatter(context)) + 'x'.repeat(5000))
      return client.over()
    },
  },
  {
    name: 'a line begun and not finished',
    weight: 3,
    server: ['TimedOut'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(`${text(chatter(context))}half a li`)
      return client.over()
    },
  },
  {
    name: 'idle, then put out by the server',
    weight: 5,
    server: ['TimedOut'],
    at: 'silence',
    run: async (context) => (await bare(context)).over(),
  },
  {
    name: 'idle, then killed by the client',
    weight: 5,
    server: ['Finished', 'Reset'],
    run: async (context) => {
      const client = await bare(context)
      await sleep(context.rng.upTo(50))
      client.socket.destroy()
      return client.over()
    },
  },
  {
    name: 'overflow: flooded, and does not read',
    weight: 2,
    server: ['Overflowed'],
    run: async (context) => {
      const client = await bare(context, { reads: false })
      await client.say(text(['flood']))
      return client.lasting()
    },
  },
  {
    name: 'unsubscribed by the client, inside next',
    weight: 6,
    server: ['Reset'],
    client: ['Aborted'],
    run: (context) => lifted(context, (cut) => saying([...chatter(context), 'last'], cut)),
  },
  {
    name: 'unsubscribed by the client, some time',
    weight: 6,
    server: [],
    at: 'lobby',
    client: ['Aborted'],
    run: (context) =>
      lifted(context, (cut) => {
        setTimeout(cut, context.rng.upTo(10))
        return saying([...chatter(context), 'later'])
      }),
  },
  {
    name: 'unsubscribed while connecting',
    weight: 5,
    server: [],
    at: 'lobby',
    run: async ({ port, rng, signal }) => {
      const subscription = connect({ port, host: '127.0.0.1', signal }).subscribe()
      const moment = rng.upTo(3)
      if (moment === 1) await Promise.resolve()
      else if (moment === 2) await new Promise((resolve) => setImmediate(resolve))
      else if (moment === 3) await sleep(1)
      subscription.unsubscribe()
      return {}
    },
  },
  {
    name: 'aborted by a signal',
    weight: 4,
    server: [],
    at: 'lobby',
    client: ['Aborted'],
    run: (context) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), context.rng.upTo(5))
      return lifted({ ...context, signal: controller.signal }, () => saying(chatter(context)))
    },
  },
  {
    name: 'refused',
    weight: 3,
    server: [],
    at: 'lobby',
    run: (context) => lifted({ ...context, port: 1 }, () => saying([])),
  },
  {
    name: "the client's handler throws",
    weight: 4,
    server: ['Reset'],
    client: ['HandlerFailed'],
    run: (context) =>
      lifted(
        context,
        () => (in$) =>
          concat(
            of('first'),
            in$.pipe(
              map(() => {
                throw new Error('thrown by the client')
              }),
            ),
          ),
      ),
  },
  {
    name: 'both end at the same time',
    weight: 4,
    server: ['Finished'],
    run: async (context) => {
      const client = await bare(context)
      await client.say(text([...chatter(context), 'bye']))
      client.socket.end()
      await client.ended()
      return client.over()
    },
  },
  told('throw', ['HandlerFailed']),
  told('fail', ['HandlerFailed']),
  told('abort', ['Aborted']),
  told('unsubscribe', ['Aborted']),
  told('unsubscribe later', ['Aborted']),
]
