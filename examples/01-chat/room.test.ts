import fc from 'fast-check'
import { firstValueFrom, ignoreElements, tap } from 'rxjs'
import type { Closed, Connection, Listener } from 'sluice'
import { connect, lines, listen, speak } from 'sluice'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Transcript } from './harness.ts'
import { QUEUE_BYTES, createRoom } from './room.ts'
import { nickname, nicknameKey, printable } from './text.ts'

const host = '127.0.0.1'
let listener: Listener
let closeRoom: () => void
let shut: () => void

beforeEach(async () => {
  const room = createRoom()
  closeRoom = room.close
  await new Promise<void>((resolve, reject) => {
    const serving = listen({ port: 0, host, whenFull: 'fail', maxUnsentBytes: QUEUE_BYTES })
      .pipe(
        tap((it) => {
          listener = it
          resolve()
        }),
        room.open,
      )
      .subscribe({ error: reject })
    shut = () => serving.unsubscribe()
  })
})

afterEach(async () => {
  shut()
  await expect.poll(() => listener.live).toBe(0)
})

/** Somebody at the other end of a real connection. */
const visitor = async () => {
  const out = new Transcript()
  const text = lines()
  let closed: Promise<Closed> | undefined
  const connection = await new Promise<Connection>((connected, reject) => {
    closed = firstValueFrom(
      connect({ host, port: listener.address.port ?? 0 }).pipe(
        tap((it) => connected(it)),
        speak(text, (in$) =>
          in$.pipe(
            tap((line) => out.add(`${line}\n`)),
            ignoreElements(),
          ),
        ),
      ),
    )
    closed.catch(reject)
  })
  await out.until(/Which nickname do you take\?/)
  return { out, closed, connection, say: (...all: string[]) => all.forEach((line) => connection.send(text, line)) }
}

const member = async (nick: string) => {
  const it = await visitor()
  it.say(nick)
  await it.out.until(/-- you are /)
  return it
}

describe('coming and going', () => {
  it('tells who comes how many are there, asks for a nickname, and tells the others', async () => {
    const ann = await visitor()
    expect(ann.out.text).toBe('-- welcome: 0 present. Which nickname do you take?\n')
    ann.say('ann')
    await ann.out.until(/^-- you are ann: 1 present/m)
    const bob = await member('bob')
    expect(bob.out.text).toContain('-- welcome: 1 present.')
    await ann.out.until(/^-- bob has come: 2 present$/m)
  })

  it('tells the others nothing of who has no nickname yet', async () => {
    const ann = await member('ann')
    const stranger = await visitor()
    stranger.connection.end()
    expect((await stranger.closed)?.cause._tag).toBe('Finished')
    const bob = await member('bob')
    bob.say('hello')
    await ann.out.until(/<bob> hello/)
    expect(ann.out.text).toMatch(/1 present.*\n-- bob has come: 2 present\n<bob> hello\n$/)
    expect(stranger.out.text).toContain('-- goodbye, stranger!')
  })

  it('says goodbye after /quit, whatever follows it, and tells the others', async () => {
    const ann = await member('ann')
    const bob = await member('bob')
    bob.say('/quit', 'never said')
    expect((await bob.closed)?.cause._tag).toBe('Finished')
    await bob.out.until(/^-- goodbye, bob!$/m)
    await ann.out.until(/^-- bob has left: 1 present$/m)
    expect(ann.out.text).not.toContain('never said')
  })

  it('tells the others why somebody has vanished [R10]', async () => {
    const ann = await member('ann')
    const bob = await member('bob')
    bob.connection.abort()
    await ann.out.until(/^-- bob has gone \(reset by the peer.*\): 1 present$/m)
  })

  it('lets a nickname be taken again once its owner has left', async () => {
    const ann = await member('ann')
    const bob = await member('bob')
    ann.say('/quit')
    await bob.out.until(/-- ann has left/)
    await member('ann')
    await bob.out.until(/-- ann has come: 2 present/)
  })

  it('says goodbye to all when it closes, and nobody hears of everybody else leaving [R25]', async () => {
    const all = [await member('ann'), await member('bob'), await visitor()]
    closeRoom()
    const report = await listener.drain()()
    expect(report).toMatchObject({ right: { finished: 3, aborted: 0 } })
    for (const { out } of all) {
      expect(out.text).toMatch(/-- the chat closes now: goodbye!\n$/)
      expect(out.text).not.toContain('has left')
    }
  })
})

describe('talking', () => {
  it('brings what a member says to all others, in order, and not back', async () => {
    const [ann, bob, carl] = [await member('ann'), await member('bob'), await member('carl')]
    ann.say('one', 'two', '', '   ', 'three')
    for (const { out } of [bob, carl]) await out.until(/<ann> one\n<ann> two\n<ann> three\n/)
    expect(ann.out.text).not.toContain('<ann>')
  })

  it('tells who is alone that nobody hears', async () => {
    const ann = await member('ann')
    ann.say('hello?')
    await ann.out.until(/^-- nobody else is here to read that$/m)
  })

  it('knows /who, /me, /nick and /help', async () => {
    const [ann, bob] = [await member('ann'), await member('bob')]
    ann.say('/who')
    await ann.out.until(/^-- 2 present: ann, bob$/m)
    ann.say('/me  waves ')
    await bob.out.until(/^\* ann waves$/m)
    ann.say('/nick Anna')
    await ann.out.until(/^-- you are Anna: 2 present/m)
    await bob.out.until(/^-- ann is now Anna$/m)
    ann.say('/nick ANNA')
    await bob.out.until(/^-- Anna is now ANNA$/m)
    ann.say('/help')
    for (const command of ['/who', '/nick', '/me', '/quit']) await ann.out.until(new RegExp(`^-- ${command}\\b`, 'm'))
  })

  it.each(['/dance', '/constructor', '/', '/quitter', '//'])('answers that there is no command %s', async (command) => {
    const ann = await member('ann')
    ann.say(`${command} now`)
    await ann.out.until(/^-- there is no \S+: \/help tells what there is$/m)
  })

  it('knows the commands before there is a nickname, and then asks again', async () => {
    const ann = await visitor()
    ann.say('/who', '/me waves', '/dance', 'ann')
    await ann.out.until(/-- you are ann/)
    expect(ann.out.text.match(/^-- which nickname do you take\?$/gm)).toHaveLength(3)
  })
})

describe('a line that cannot be', () => {
  const longest = 'x'.repeat(1023)

  it('is refused over 1,024 bytes, its end included, and the member stays [R16]', async () => {
    const [ann, bob] = [await member('ann'), await member('bob')]
    ann.say(longest, `${longest}y`, 'z'.repeat(50_000), 'still here')
    await bob.out.until(/<ann> still here\n/)
    expect(bob.out.text).toContain(`<ann> ${longest}\n<ann> still here\n`)
    const refusal = '-- this line was not sent: it has over 1024 bytes\n'
    await ann.out.until(new RegExp(`${refusal}${refusal}$`))
  })

  it('is refused if it is not UTF-8, and the member stays [R5, R19]', async () => {
    const [ann, bob] = [await member('ann'), await member('bob')]
    ann.connection.write(Buffer.from('caf\xe9\nstill here\n', 'latin1'))
    await bob.out.until(/<ann> still here\n/)
    await ann.out.until(/^-- this line was not sent: it is not UTF-8$/m)
    expect(bob.out.text).not.toContain('caf')
  })

  it('is no nickname either: asked again', async () => {
    const ann = await visitor()
    ann.connection.write(Buffer.from([0xff, 0x0a]))
    await ann.out.until(/not UTF-8\n-- which nickname do you take\?\n/)
  })

  it('comes whole to others though it is longer than what may be sent to us', async () => {
    const [ann, bob] = [await member('🙂'.repeat(24)), await member('bob')]
    ann.say('\u0001'.repeat(1023))
    await bob.out.until(new RegExp(`^<${'🙂'.repeat(24)}> \ufffd{1023}$`, 'mu'))
  })
})

describe('nobody forges', () => {
  it.each([
    ['an escape sequence', 'a\u001b[2Jb', 'a\ufffd[2Jb'],
    ['an eight-bit one', 'a\u009b2Jb', 'a\ufffd2Jb'],
    ['a line of another, behind a carriage return', 'hi\r<bob> I am a fool', 'hi\ufffd<bob> I am a fool'],
    ['one behind a line separator', 'hi\u2028<bob> me too', 'hi\ufffd<bob> me too'],
    ['an order of its own', '\u202eabc', '\ufffdabc'],
    ['a backspace', 'abc\b\b\bxyz', 'abc\ufffd\ufffd\ufffdxyz'],
  ])('%s', async (_, said, heard) => {
    const [ann, bob] = [await member('ann'), await member('bob')]
    ann.say(said, `/me ${said}`, 'over')
    await bob.out.until(/<ann> over/)
    expect(bob.out.text).toContain(`<ann> ${heard}\n* ann ${heard}\n<ann> over\n`)
  })

  it('whatever is said, nothing but characters of one line are printed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (said) => {
        expect(printable(said)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
      }),
    )
  })
})

describe('a nickname', () => {
  it.each([
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['a b', 'it has a space, or something unprintable'],
    ['a\u001b[m', 'it has a space, or something unprintable'],
    ['a\u202eb', 'it has a space, or something unprintable'],
    ['a\u200bb', 'it has a space, or something unprintable'],
    ['\u0301a', 'it has a space, or something unprintable'],
    ['\u3164', 'it has a space, or something unprintable'],
    ['a>', 'it begins with /, or has < or >'],
    ['x'.repeat(25), 'it is longer than 24 characters'],
    ['👩‍👩‍👧‍👦'.repeat(25), 'it is longer than 24 characters'],
    [`a${'\u0301'.repeat(200)}`, 'it is longer than 24 characters'],
  ])('is not %j', (text, why) => {
    expect(nickname(text)).toEqual({ _tag: 'Left', left: why })
  })

  it.each(['x'.repeat(24), 'é'.repeat(24), 'e\u0301'.repeat(24), 'नमस्ते', '🇨🇭❤️', "O'Neill", 'ann_2'])(
    'may be %j',
    (text) => {
      expect(nickname(` ${text} `)).toEqual({ _tag: 'Right', right: text.normalize('NFC') })
    },
  )

  it.each(['Ann', 'ＡＮＮ', 'an\u200dn', 'ann\ufe0f'])('is the same as ann where it is %j', (text) => {
    expect(nicknameKey(text)).toBe(nicknameKey('ann'))
  })

  it('is refused with the reason and asked for again, as often as needed', async () => {
    const [, bob] = [await member('ann'), await visitor()]
    bob.say('ANN', 'a b', 'x'.repeat(25), 'bob')
    await bob.out.until(/-- you are bob/)
    expect(bob.out.text).toContain(
      [
        '-- this nickname cannot be: somebody here has it',
        '-- which nickname do you take?',
        '-- this nickname cannot be: it has a space, or something unprintable',
        '-- which nickname do you take?',
        '-- this nickname cannot be: it is longer than 24 characters',
        '-- which nickname do you take?',
      ].join('\n'),
    )
  })

  it('stays as it was where /nick is refused', async () => {
    const [ann, bob] = [await member('ann'), await member('bob')]
    ann.say('/nick bob', '/nick', 'me')
    await bob.out.until(/^<ann> me$/m)
    await ann.out.until(/^-- this nickname cannot be: somebody here has it\n-- this nickname cannot be: it is empty$/m)
  })
})
