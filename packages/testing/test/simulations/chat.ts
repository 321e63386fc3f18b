import type { Listener, Session } from '@sluice/net'
import { backoff, reconnect, speak } from '@sluice/net'
import { lines } from '@sluice/protocol'
import type { Observable, OperatorFunction } from 'rxjs'
import { defer, finalize, ignoreElements, interval, map, merge, of, tap } from 'rxjs'
import type { Scenario } from '@sluice/testing'
import { watched } from './watched.ts'

/** What the example of a chat room offers. */
interface ChatRoom {
  readonly createRoom: () => { readonly open: OperatorFunction<Listener, Session> }
}

export const CHAT_HOSTS = ['server', 'ann', 'bob', 'carl', 'dora']
const MEMBERS = CHAT_HOSTS.slice(1)
const example = new URL('../../../../examples/01-chat/room.ts', import.meta.url).href
const { createRoom } = (await import(example)) as ChatRoom

/**
 * The chat room of the examples, and members who say numbered lines and come back when they are lost.
 *
 * - Nobody hears what nobody said, or what they said themselves.
 * - Within one stay of the listener, the lines of one stay of a speaker come one after the other, none twice.
 * - When the faults have stopped, everybody hears everybody.
 */
export const chat: Scenario = (simulation) => {
  const { host, fail, eventually, random, scheduler } = simulation
  const { connect, listen } = watched(simulation, { maxUnsentBytes: 256 * 1024 })
  const said = new Set<string>()
  const heardAt = new Map<string, number>()
  let stays = 0

  const member = (name: string) =>
    speak(lines(), (in$) =>
      defer(() => {
        const nick = `${name}_${String(++stays)}`
        const last = new Map<string, number>()
        const hear = (line: string): void => {
          const [, speaker = '', number = ''] = /^<(\w+)> line (\d+)$/.exec(line) ?? []
          if (speaker === '') {
            if (!line.startsWith('-- ')) fail(`a line that is neither said nor the room's: ${line}`)
            return
          }
          if (speaker === nick || !said.has(`${speaker} ${number}`)) fail(`nobody has said to ${nick}: ${line}`)
          const before = last.get(speaker)
          if (before !== undefined && Number(number) !== before + 1)
            fail(`${nick} heard ${line} after ${String(before)}`)
          last.set(speaker, Number(number))
          heardAt.set(`${name} of ${speaker.replace(/_\d+$/, '')}`, scheduler.now())
        }
        const says$: Observable<string> = interval(1_000 + random() * 4_000).pipe(
          map((n) => {
            said.add(`${nick} ${String(n)}`)
            return `line ${String(n)}`
          }),
        )
        return merge(of(nick), says$, in$.pipe(tap(hear), ignoreElements()))
      }),
    )

  host('server').run(() => listen('server', { port: 7000, whenFull: 'fail' }).pipe(createRoom().open).subscribe())
  for (const name of MEMBERS) {
    host(name).run(() =>
      connect(name, { host: 'server', port: 7000, silenceMs: 20_000 })
        .pipe(
          reconnect(backoff({ initialMs: 500, maxMs: 5_000 }), { afterFinished: true }),
          member(name),
          finalize(() => undefined),
        )
        .subscribe(),
    )
  }
  eventually('everybody hears everybody', () =>
    MEMBERS.every((one) =>
      MEMBERS.every(
        (other) => one === other || scheduler.now() - (heardAt.get(`${one} of ${other}`) ?? -Infinity) < 15_000,
      ),
    ),
  )
}
