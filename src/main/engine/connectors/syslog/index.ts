/** Receives syslog over UDP (RFC 5426) and TCP (RFC 6587). */
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import { z } from 'zod';
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { Batcher } from '../lib/batcher.ts';
import { bindField, isLoopback, listenError, place, portField } from '../lib/listen.ts';
import { Frames, trimmed } from './frames.ts';
import { asLines } from './lines.ts';

const config = z.object({
  address: bindField,
  port: portField(5514),
  protocols: z.enum(['both', 'udp', 'tcp']).default('both').meta({ title: 'Protocols' }),
});
type Config = z.output<typeof config>;

const MAX_SENDERS = 500;
/** What the kernel is asked to keep of datagrams while this thread is busy; it may give less. */
const DATAGRAM_BUFFER = 8 << 20;
const NOTE_MS = 1000;
/** Tries to find a port that is free for both protocols when any will do. */
const PORT_TRIES = 10;

interface Open {
  tcp: net.Server | null;
  udp: dgram.Socket | null;
  port: number;
}

async function openTcp(address: string, port: number): Promise<net.Server> {
  const server = net.createServer();
  server.maxConnections = MAX_SENDERS;
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
    return server;
  } catch (error) {
    server.close();
    throw listenError(error, 'TCP', address, port);
  }
}
async function openUdp(address: string, port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket({ type: net.isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: DATAGRAM_BUFFER });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw listenError(error, 'UDP', address, port);
  }
}

/** @throws FatalError when a port cannot be had */
async function listen({ address, port, protocols }: Config): Promise<Open> {
  if (protocols === 'udp') {
    const udp = await openUdp(address, port);
    return { tcp: null, udp, port: udp.address().port };
  }
  for (let left = PORT_TRIES; ; left--) {
    const tcp = await openTcp(address, port);
    const { port: real } = tcp.address() as net.AddressInfo;
    if (protocols === 'tcp') return { tcp, udp: null, port: real };
    try {
      return { tcp, udp: await openUdp(address, real), port: real };
    } catch (error) {
      tcp.close();
      if (port !== 0 || left <= 0) throw error;
    }
  }
}

/** Datagrams that the kernel dropped because its buffer for this port was full; 0 where it does not say (only Linux does). */
async function droppedByKernel(port: number): Promise<number> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops = 0;
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    const text = await fs.readFile(file, 'latin1').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const words = line.trim().split(/\s+/);
      if (words.length > 12 && words[1].endsWith(wanted)) drops += Number(words[12]) || 0;
    }
  }
  return drops;
}

async function* read(given: Config, { signal, idle, note }: ReadContext): AsyncGenerator<Chunk, void, void> {
  const { tcp, udp, port } = await listen(given);
  /** and what takes the rest of what each has sent */
  const senders = new Map<net.Socket, () => void>();
  let datagramsDropped = 0;
  let cut = 0;
  let failure: Error | null = null;
  const batcher = new Batcher(() => {
    for (const sender of senders.keys()) sender.resume();
  });
  const tell = async (): Promise<void> => {
    const dropped = datagramsDropped + (udp ? await droppedByKernel(port) : 0);
    if (closed) return;
    const protocols = [udp && 'UDP', tcp && 'TCP'].filter(Boolean).join(' and ');
    note([
      `Listens on ${place(given.address, port)} (${protocols})`, tcp && `${senders.size} connected`, dropped > 0 && `${dropped} datagrams dropped`, cut > 0 && `${cut} messages cut at 64 KiB`,
    ].filter(Boolean).join(', ') + '.');
  };
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    clearInterval(teller);
    tcp?.close();
    udp?.close();
    for (const [sender, rest] of senders) {
      rest();
      sender.destroy();
    }
    batcher.end();
  };
  const fail = (error: Error): void => {
    failure = error;
    close();
  };

  tcp?.on('connection', (sender) => {
    const address = sender.remoteAddress ?? '';
    const frames = new Frames();
    const take = (messages: readonly Buffer[]): void => {
      if (messages.length > 0) batcher.add(asLines(messages, address, Date.now()), messages.length);
      // The other side's window fills up, and it waits.
      if (batcher.full) for (const one of senders.keys()) one.pause();
    };
    senders.set(sender, () => {
      senders.delete(sender);
      take(frames.end());
    });
    if (batcher.full) sender.pause();
    sender.on('data', (data: Buffer) => {
      const before = frames.cut;
      take(frames.push(data));
      cut += frames.cut - before;
    });
    // A sender that broke off has been heard as far as it came.
    sender.on('error', () => sender.destroy());
    sender.on('close', () => senders.get(sender)?.());
  });
  tcp?.on('error', fail);
  udp?.on('message', (data, { address }) => {
    const message = trimmed(data);
    if (message.length === 0) return;
    if (batcher.full) datagramsDropped++;
    else batcher.add(asLines([message], address, Date.now()), 1);
  });
  udp?.on('error', fail);
  const teller = setInterval(() => void tell(), NOTE_MS);
  signal.addEventListener('abort', close, { once: true });
  try {
    if (signal.aborted) close();
    await tell();
    idle();
    yield* batcher.chunks('');
    if (failure !== null) throw failure as Error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

export const syslogConnector = connector({
  id: 'syslog',
  title: 'Syslog receiver',
  description: 'Listens for syslog messages (RFC 5424 and RFC 3164, over UDP and TCP). Syslog has no passwords: who can reach the port can write into the case.',
  signal: 'logs',
  format: 'syslog',
  mode: 'live',
  config,
  target: ({ address, port, protocols }) => `syslog ${place(address, port)}${protocols === 'both' ? '' : ` ${protocols.toUpperCase()}`}`,
  async test(given, signal) {
    const { tcp, udp, port } = await listen(given);
    tcp?.close();
    udp?.close();
    if (signal.aborted) throw new FatalError('Nobody waits any more.');
    return `${place(given.address, port)} is free to listen on.${isLoopback(given.address) ? '' : ' Everyone who can reach it can write into the case.'}`;
  },
  read,
});
