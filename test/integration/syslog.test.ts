/** The syslog connector against own sockets, logger and a real rsyslogd where they are installed. */
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening, portOf, status, when } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

async function dial(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;
const there = (program: string): boolean => spawnSync(program, ['--version']).status === 0 || spawnSync(program, ['-v']).status === 0;
const RSYSLOGD = ['rsyslogd', '/usr/sbin/rsyslogd'].find(there);

describe('the syslog connector', () => {
  it('takes both framings in one stream, datagrams, messages of many lines and half ones, and knows the sender', async () => {
    const { id, port } = await listening(one, 'syslog', {});
    const socket = await dial(port);
    socket.write(`${counted('<165>1 2026-10-11T22:14:15.003Z web-1 shop 77 - - first\nsecond line')}<11>1 2026-10-11T22:14:16Z web-1 shop 77 - - framed by a line\n`);
    socket.write(counted('<14>1 2026-10-11T22:14:17Z web-1 shop - - - é counted').slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.write(counted('<14>1 2026-10-11T22:14:17Z web-1 shop - - - é counted').slice(20));
    socket.end('<14>1 2026-10-11T22:14:18Z web-1 shop - - - half a mess');
    const udp = dgram.createSocket('udp4');
    udp.send('<34>1 2026-10-11T22:14:19Z fw - - - - by datagram\n', port, '127.0.0.1', () => udp.close());
    await when(one, id, ({ stored }) => stored === 5);
    expect(await one.messages()).toEqual(['first\n\tsecond line', 'framed by a line', 'é counted', 'half a mess', 'by datagram']);
    expect(await one.messages('ip:127.0.0.1 host:web-1 service:shop')).toHaveLength(4);
    const { rows } = await one.page(everything('"by datagram"'));
    expect(rows.severity[0]).toBe(4);
    const detail = await one.engine.handlers.events.get({ id: rows.id[0] }, context);
    expect(Object.fromEntries(detail.attributes.map(({ name, value }) => [name, value]))).toMatchObject({ facility: 'auth' });
    expect(await status(one, id)).toMatchObject({ state: 'ok', rejected: 0, note: expect.stringContaining('UDP and TCP') as string });
    // What came in the last moment is stored, and the port is free.
    const late = await dial(port);
    late.write('<14>1 2026-10-11T22:14:20Z web-1 shop - - - last words\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await one.engine.handlers.connectors.stop({ id }, context);
    expect(await status(one, id)).toMatchObject({ state: 'stopped', error: '', stored: 6, note: '' });
    late.destroy();
    await one.engine.handlers.connectors.start({ id }, context);
    expect(await portOf(one, id)).toBeGreaterThan(0);
    const [source] = await one.engine.handlers.events.sources({}, context);
    expect(source).toMatchObject({ format: 'syslog', ledger: { read: 6, stored: 6 } });
  });

  it('stores what it holds when the case is closed', async () => {
    const { port } = await listening(one, 'syslog', { protocols: 'tcp' });
    const socket = await dial(port);
    socket.write('<14>1 2026-10-11T22:14:20Z web-1 shop - - - just in time\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await one.reopen();
    socket.destroy();
    expect(await one.messages()).toEqual(['just in time']);
  });

  it('loses nothing of many senders at once', async () => {
    const { id, port } = await listening(one, 'syslog', { protocols: 'tcp' });
    const SENDERS = 20;
    const EACH = 4000;
    const padding = 'x'.repeat(500);
    await Promise.all(Array.from({ length: SENDERS }, async (_, sender) => {
      const socket = await dial(port);
      for (let n = 0; n < EACH; n += 100) {
        let text = '';
        for (let i = n; i < n + 100; i++) {
          const message = `<14>1 2026-10-11T22:14:15.003Z h${sender} app - - - message ${i} ${padding}`;
          text += i % 2 === 0 ? counted(message) : `${message}\n`;
        }
        if (!socket.write(text)) await once(socket, 'drain');
      }
      socket.end();
      await once(socket, 'close');
    }));
    expect(await when(one, id, ({ stored }) => stored >= SENDERS * EACH, 60_000)).toMatchObject({ stored: SENDERS * EACH, rejected: 0 });
    for (const sender of [0, SENDERS - 1]) expect((await one.page(everything(`host:h${sender}`))).total).toBe(EACH);
    const [{ ledger }] = await one.engine.handlers.events.sources({}, context);
    expect(ledger).toMatchObject({ read: SENDERS * EACH, stored: SENDERS * EACH });
  }, 90_000);

  it('does not make a segment of every event of a trickle', async () => {
    const { id, port } = await listening(one, 'syslog', {});
    const socket = await dial(port);
    for (let i = 0; i < 40; i++) {
      socket.write(`<14>1 2026-10-11T22:14:15.003Z h app - - - tick ${i}\n`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    socket.destroy();
    await when(one, id, ({ stored }) => stored === 40);
    const { rows } = await one.page(everything());
    expect(new Set([...rows.id].map((event) => Math.floor(event / 4096))).size).toBeLessThanOrEqual(3);
  });

  it('says what is wrong with a port', async () => {
    const { connectors } = one.engine.handlers;
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    const config = { port, protocols: 'tcp' };
    expect(await connectors.test({ connector: 'syslog', config }, context)).toMatchObject({ ok: false, message: expect.stringContaining('Another program listens on 127.0.0.1') as string });
    const { id } = await connectors.add({ connector: 'syslog', name: '', config }, context);
    expect(await when(one, id, ({ state }) => state === 'stopped')).toMatchObject({ failuresTotal: 0, error: expect.stringContaining('choose another port') as string });
    taken.close();
    expect(await connectors.test({ connector: 'syslog', config: { port: 0, address: '192.0.2.1' } }, context)).toMatchObject({ ok: false, message: expect.stringContaining('no address of this machine') as string });
    expect(await connectors.test({ connector: 'syslog', config: { port: 0, address: 'localhost' } }, context)).toMatchObject({ ok: false, message: expect.stringContaining('no IP address') as string });
    expect(await connectors.test({ connector: 'syslog', config: { port: 0 } }, context)).toMatchObject({ ok: true });
  });

  it.skipIf(!there('logger'))('understands logger', async () => {
    const { id, port } = await listening(one, 'syslog', {});
    const at = ['-n', '127.0.0.1', '-P', String(port), '-t', 'demo', '-p', 'auth.crit'];
    for (const args of [['-T', '--rfc5424'], ['-T', '--rfc3164'], ['-T', '--octet-count'], ['-d'], ['-d', '--rfc3164']]) spawnSync('logger', [...at, ...args, `said with ${args.join(' ')}`]);
    const { stored } = await when(one, id, (now) => now.stored >= 5);
    expect(stored).toBe(5);
    expect((await one.messages('service:demo severity:critical ip:127.0.0.1')).sort()).toEqual(['said with -T --octet-count', 'said with -T --rfc3164', 'said with -T --rfc5424', 'said with -d', 'said with -d --rfc3164']);
    // All just now, whatever they name of their time.
    const { rows } = await one.page(everything());
    for (const time of rows.time) expect(Math.abs(time / 1000 - Date.now())).toBeLessThan(26 * 3600e3);
  });

  it.skipIf(RSYSLOGD === undefined)('takes what a real rsyslogd forwards, in both framings and over UDP', async () => {
    const { id, port } = await listening(one, 'syslog', {});
    const input = one.write('in.log', '');
    const forward = (name: string, options: string): string => `action(type="omfwd" name="${name}" target="127.0.0.1" port="${port}" ${options} queue.type="LinkedList" action.resumeRetryCount="-1" action.resumeInterval="1")`;
    const file = one.write('rsyslog.conf', `
module(load="imfile" mode="polling" pollingInterval="1")
global(workDirectory="${one.folder}")
template(name="new" type="string" string="<%PRI%>1 %timegenerated:::date-rfc3339% %hostname% %app-name% - - - %msg%")
input(type="imfile" file="${input}" tag="file-input:" facility="local3" severity="error" ruleset="out" freshStartTail="off")
ruleset(name="out") {
  ${forward('lines', 'protocol="tcp" template="RSYSLOG_TraditionalForwardFormat"')}
  ${forward('counted', 'protocol="tcp" tcp_framing="octet-counted" template="new"')}
  ${forward('datagrams', 'protocol="udp" template="RSYSLOG_SyslogProtocol23Format"')}
}
`);
    const rsyslogd = spawn(RSYSLOGD ?? '', ['-n', '-f', file, '-i', path.join(one.folder, 'rsyslog.pid')], { stdio: 'ignore' });
    try {
      const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `order ${from + i} failed\n`).join('');
      fs.appendFileSync(input, lines(0, 500));
      await when(one, id, ({ stored }) => stored >= 1500, 20_000);
      expect((await one.page(everything('service:file-input severity:high'))).total).toBe(1500);
      expect((await one.page(everything('"order 499 failed"'))).total).toBe(3);
      expect(await status(one, id)).toMatchObject({ stored: 1500, rejected: 0 });
    } finally {
      rsyslogd.kill('SIGKILL');
    }
  }, 40_000);
});
