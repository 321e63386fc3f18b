import { it, expect } from 'vitest'
import type { Connection } from '../src/index.ts'
import { connect, listen, upgradeTls } from '../src/index.ts'
import { ca, good, tlsDialling } from './support/tls.ts'
import { HOST } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { Timer } from '../src/internal/timer.ts'
nothingLeft()
const live = new Map<unknown, any>()
const [si, ci] = [globalThis.setInterval, globalThis.clearInterval]
let current: any = null
const hist = new Map<any, string[]>()
const note = (t: any, s: string): void => { const h = hist.get(t) ?? []; h.push(s); hist.set(t, h) }
;(globalThis as any).setInterval = (...a: any[]) => { const t = (si as any)(...a); live.set(t, { ms: a[1], timer: current, at: new Error().stack }); if (current) note(current, 'set ' + Math.round(a[1])); return t }
;(globalThis as any).clearInterval = (t: any) => { const l = live.get(t); if (l?.timer) note(l.timer, 'clear ' + Math.round(l.ms)); live.delete(t); ci(t) }
const P = Timer.prototype as any
const [arm, stop, look, arm0] = [P.armAt, P.stop, P.look, P.arm]
P.armAt = function (d: number) { const o = current; current = this; note(this, 'armAt'); try { arm.call(this, d) } finally { current = o } }
P.arm = function () { note(this, 'arm'); arm0.call(this) }
P.stop = function () { note(this, 'STOP'); stop.call(this) }
P.look = function () { note(this, 'look'); look.call(this) }
let seed = Number(process.env['SEED'] ?? 1)
const rnd = (n: number): number => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return (seed >> 8) % n }
const act = (c: Connection): void => {
  switch (rnd(9)) {
    case 0: c.abort(); break
    case 1: c.end(); break
    case 2: c.close(); break
    case 3: c.write(Buffer.alloc(rnd(200_000))); break
    case 4: c.data$.subscribe({ next: () => { if (rnd(3) === 0) c.abort() }, error: () => undefined, complete: () => { if (rnd(3) === 0) c.abort() } }); break
    case 5: c.pause(); break
    case 6: c.resume(); break
    case 7: c.write(Buffer.from('x')); c.end(); break
    default: c.events$.subscribe(() => { if (rnd(10) === 0) c.abort() })
  }
}
it('survives', async () => {
  const N = Number(process.env['N'] ?? 400)
  const conns: Connection[] = []
  const subs: any[] = []
  let port = 0, plainPort = 0
  const onConn = (c: Connection): void => { conns.push(c); c.events$.subscribe(); if (rnd(2) === 0) act(c) }
  const l = listen({ port: 0, host: HOST, handshakeMs: 300, lingerMs: 200, halfClosedMs: 300, tls: { ...good, sni: () => rnd(2) ? Promise.resolve(undefined) : undefined, requestCert: true, rejectUnauthorized: false } }).subscribe((x) => { port = x.address.port ?? 0; x.connections$.subscribe(onConn) })
  const p = listen({ port: 0, host: HOST, lingerMs: 200, halfClosedMs: 300 }).subscribe((x) => { plainPort = x.address.port ?? 0; x.connections$.subscribe((c) => { const u = upgradeTls(c, { role: 'server', ...good, handshakeMs: 300, unread: 'handOver' }).subscribe({ next: () => onConn(c), error: () => undefined }); if (rnd(4) === 0) void turns(rnd(8)).then(() => { rnd(2) ? u.unsubscribe() : c.abort() }) }) })
  while (port === 0 || plainPort === 0) await turns(1)
  for (let i = 0; i < N; i++) {
    const kind = rnd(4)
    if (kind === 0) { const t = tlsDialling(port, { allowHalfOpen: rnd(2) === 0 } as never); t.on('secureConnect', () => { if (rnd(2)) t.write('hello') }); void turns(rnd(12)).then(() => { rnd(2) ? t.end('z') : t.destroy() }) }
    else if (kind === 3) {
      const s = connect({ host: HOST, port: plainPort, lingerMs: 200, halfClosedMs: 300 }).subscribe({ next: (c) => { const u = upgradeTls(c, { role: 'client', ca: ca.cert, handshakeMs: 300, unread: 'handOver' }).subscribe({ next: () => onConn(c), error: () => undefined }); if (rnd(3) === 0) void turns(rnd(8)).then(() => { rnd(2) ? u.unsubscribe() : c.abort() }) }, error: () => undefined })
      subs.push(s)
      if (rnd(5) === 0) void turns(rnd(10)).then(() => s.unsubscribe())
    } else {
      const s = connect({ host: HOST, port, tls: { ca: rnd(6) === 0 ? [] : ca.cert, ...(rnd(4) === 0 ? { checkServerIdentity: () => { s?.unsubscribe(); return undefined } } : {}) }, handshakeMs: 300, lingerMs: 200, halfClosedMs: 300 }).subscribe({ next: onConn, error: () => undefined })
      subs.push(s)
      if (rnd(5) === 0) void turns(rnd(10)).then(() => s.unsubscribe())
    }
    if (rnd(3) === 0) await turns(rnd(6))
    for (let k = rnd(4); k > 0; k--) { const c = conns[rnd(conns.length || 1)]; if (c) act(c) }
  }
  await turns(300)
  for (const c of conns) c.abort()
  l.unsubscribe(); p.unsubscribe()
  for (const s of subs) s.unsubscribe()
  await turns(9000)
  for (const x of live.values()) if (x.timer) console.log('LEAK', x.ms, hist.get(x.timer)!.join(' '))
  expect(conns.length).toBeGreaterThan(0)
}, 60_000)
