import * as E from 'fp-ts/lib/Either.js'
import type { Observable, OperatorFunction } from 'rxjs'
import { Subject, defer, first, ignoreElements, interval, map, merge, of, startWith, takeWhile, tap } from 'rxjs'
import type { Closed, Connection, Handler, Listener, Malformed, Protocol, Session, TooLong } from 'sluice'
import { lines, mapAsync, serve, showCause } from 'sluice'
import { nickname, nicknameKey, printable } from './text.ts'

/** What may wait for somebody who does not read, before they are put out. */
export const QUEUE_BYTES = 256 * 1024
const LINE_BYTES = 1024

type Line = E.Either<TooLong | Malformed, string>

/** What a member sends is short; what the room says, `/who` above all, may be longer. */
const chatLines: Protocol<Line, string> = {
  ...lines({ maxFrameBytes: LINE_BYTES, tooLong: 'value', invalidText: 'value', unterminated: 'line' }),
  encode: lines({ maxFrameBytes: QUEUE_BYTES }).encode,
}

/** Whoever is connected; a member is who has a nickname. */
interface Guest {
  readonly connection: Connection
  /** What they are to read. */
  readonly out$: Subject<string>
  nick: string
  /** About how many bytes they said since they last waited for the others. */
  said: number
}

export interface Room {
  /** Lets everybody in who connects. */
  readonly open: OperatorFunction<Listener, Session>
  /** From now on, goodbye is said for the whole room. */
  readonly close: () => void
}

// Every line the room sends begins with `--`, `<nickname>` or `*`: so no member can speak as another.
const HELP = `-- /who: who is here
-- /nick NAME: another nickname
-- /me DOES: says what you do
-- /quit: leaves
-- anything else is said to all`.split('\n')

export const createRoom = (): Room => {
  const guests = new Map<Connection, Guest>()
  let closing = false

  const members = () => [...guests.values()].filter(({ nick }) => nick !== '')
  const names = () => Array.from(members(), ({ nick }) => nick).join(', ')
  const present = () => `${String(members().length)} present`
  const tellOthers = (me: Guest, line: string) => {
    for (const it of guests.values()) if (it !== me && it.nick !== '') it.out$.next(line)
  }

  const say = (me: Guest, line: string) => {
    if (members().length === 1) me.out$.next('-- nobody else is here to read that')
    tellOthers(me, line)
  }

  const rename = (me: Guest, wanted: string) => {
    const name = nickname(wanted)
    const key = E.isRight(name) ? nicknameKey(name.right) : ''
    if (E.isLeft(name)) me.out$.next(`-- this nickname cannot be: ${name.left}`)
    else if (members().some((it) => it !== me && nicknameKey(it.nick) === key)) {
      me.out$.next('-- this nickname cannot be: somebody here has it')
    } else {
      const before = me.nick
      me.nick = name.right
      me.out$.next(`-- you are ${me.nick}: ${present()}, /help tells what you can do`)
      tellOthers(me, before === '' ? `-- ${me.nick} has come: ${present()}` : `-- ${before} is now ${me.nick}`)
    }
  }

  const commands = new Map<string, (me: Guest, rest: string) => unknown>([
    ['/who', (me) => me.out$.next(`-- ${present()}: ${names()}`)],
    ['/nick', rename],
    ['/me', (me, does) => me.nick !== '' && say(me, `* ${me.nick} ${does}`.trimEnd())],
    ['/help', (me) => HELP.forEach((line) => me.out$.next(line))],
  ])

  /** Answers whether they stay. */
  const hear = (me: Guest, line: Line): boolean => {
    const text = E.isRight(line) ? printable(line.right) : ''
    const [, name = '', rest = ''] = /^(\/\S*)\s*(.*)$/.exec(text) ?? []
    const command = commands.get(name)
    if (name === '/quit') return false
    if (E.isLeft(line)) {
      const why = line.left._tag === 'TooLong' ? `it has over ${String(LINE_BYTES)} bytes` : 'it is not UTF-8'
      me.out$.next(`-- this line was not sent: ${why}`)
    } else if (command !== undefined) command(me, rest)
    else if (name !== '') me.out$.next(`-- there is no ${name}: /help tells what there is`)
    else if (me.nick === '') rename(me, text)
    else if (text !== '') say(me, `<${me.nick}> ${text}`)
    if (me.nick === '') me.out$.next('-- which nickname do you take?')
    return true
  }

  // Nobody waits for a slow reader, but who says very much gives the others time to read it: every
  // TURN_BYTES until nobody is BEHIND, for a moment at most. Meanwhile the gate of that one member is held.
  const TURN_BYTES = 32 * 1024
  const BEHIND_BYTES = 32 * 1024
  const MOMENT_MS = 250
  const inTurns = (me: Guest, line: Line): Observable<Line> => {
    me.said += 32 + (E.isRight(line) ? line.right.length : LINE_BYTES)
    if (me.said < TURN_BYTES) return of(line)
    me.said = 0
    const behind = () => [...guests.keys()].some(({ unsentBytes }) => unsentBytes > BEHIND_BYTES)
    return interval(1).pipe(
      first((ms) => ms >= MOMENT_MS || !behind()),
      map(() => line),
    )
  }

  const leave = (me: Guest, how: string) => {
    if (guests.delete(me.connection) && me.nick !== '' && !closing) tellOthers(me, `-- ${me.nick} ${how}: ${present()}`)
  }

  const goodbye = (me: Guest) => {
    leave(me, 'has left')
    me.out$.next(closing ? '-- the chat closes now: goodbye!' : `-- goodbye, ${me.nick || 'stranger'}!`)
    me.out$.complete()
  }

  const chat: Handler<Line, string> = (in$, connection) =>
    defer(() => {
      const me: Guest = { connection, out$: new Subject(), nick: '', said: 0 }
      guests.set(connection, me)
      const heard$ = in$.pipe(
        mapAsync(1, (line) => inTurns(me, line)),
        takeWhile((line) => hear(me, line)),
        tap({ complete: () => goodbye(me) }),
        ignoreElements(),
      )
      return merge(me.out$, heard$).pipe(startWith(`-- welcome: ${present()}. Which nickname do you take?`))
    })

  /** Who vanished, or was put out, never came to say goodbye. */
  const lost = (connection: Connection, { cause }: Closed) => {
    const me = guests.get(connection)
    if (me === undefined) return
    leave(me, cause._tag === 'Overflowed' ? 'was put out, for not reading' : `has gone (${showCause(cause)})`)
  }

  return {
    open: (listener$) =>
      listener$.pipe(
        serve(chatLines, chat),
        tap(({ connection, closed }) => lost(connection, closed)),
      ),
    close: () => {
      closing = true
    },
  }
}
