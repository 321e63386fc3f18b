import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'

/** Where the chat is: what `listen` and `connect` take. */
export type Target = { readonly host: string; readonly port: number } | { readonly path: string }

const HOST = '127.0.0.1'
const PORT = 7000
const USAGE = `Options
  --port NUMBER   the TCP port; ${String(PORT)} unless given, and any free one for 0
  --host ADDRESS  the address; ${HOST} unless given. A server at 0.0.0.0 or :: is open to other machines
  --path FILE     a Unix socket instead
  --help          this text`

/** What to print instead, and how to exit then. */
export interface Refusal {
  readonly text: string
  readonly exitCode: number
}

const wrong = (text: string) => E.left<Refusal>({ text: `${text} (--help tells what can be given)`, exitCode: 2 })

/** The target a command line asks for. */
export const parseTarget = (
  args: string[],
  { leastPort }: { readonly leastPort: number },
): E.Either<Refusal, Target> => {
  const text = { type: 'string' } as const
  const options = { port: text, host: text, path: text, help: { type: 'boolean' } } as const
  const parsed = E.tryCatch(
    () => parseArgs({ args, options }).values,
    // it explains itself at length: the first sentence says it
    (error) => String(error).replace(/^.*?: |[.\n][^]*$/g, ''),
  )
  if (E.isLeft(parsed)) return wrong(parsed.left)
  const { help, path, host = HOST, port = String(PORT) } = parsed.right
  if (help === true) return E.left({ text: USAGE, exitCode: 0 })
  if (host === '' || path === '') return wrong('an address cannot be empty')
  if (!/^\d{1,5}$/.test(port) || Number(port) < leastPort || Number(port) > 65_535) {
    return wrong(`--port is a number from ${String(leastPort)} to 65535, not '${port}'`)
  }
  if (path === undefined) return E.right({ host, port: Number(port) })
  const { host: noHost, port: noPort } = parsed.right
  return (noHost ?? noPort) === undefined ? E.right({ path }) : wrong('--path goes without --host and --port')
}

/** The command line for a target, as short as it can be. */
export const optionsFor = (target: Target): string => {
  const words =
    'path' in target
      ? [`--path ${target.path}`]
      : [
          ...(target.host === HOST ? [] : [`--host ${target.host}`]),
          ...(target.port === PORT ? [] : [`--port ${String(target.port)}`]),
        ]
  return words.length === 0 ? '' : ` -- ${words.join(' ')}`
}
