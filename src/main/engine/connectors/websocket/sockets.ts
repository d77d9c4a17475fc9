/** Both ways to a WebSocket: a server that senders connect to, and a connection to somebody's server. */
import http from 'node:http';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { FatalError } from '../connector.ts';
import { Refusal } from '../lib/bodies.ts';
import { listenOn, place } from '../lib/listen.ts';
import { admit } from '../lib/token.ts';

/** Larger records are dead letters for every connector; a larger message ends its connection (1009). */
const MAX_MESSAGE = 1 << 20;
const MAX_SENDERS = 100;
const HANDSHAKE_MS = 10_000;
/** Who answers no ping in this time is gone. */
const PING_MS = 30_000;

/** What is open: where, and what can be done to it. */
export interface Sockets {
  /** what a person should know of it now */
  said(): string;
  /** Lets everyone wait, or go on. */
  pause(on: boolean): void;
  close(): void;
}
export interface Use {
  message(data: Buffer): void;
  /** It is over, for this reason. */
  failed(error: Error): void;
}

/** @throws FatalError when the port cannot be had */
export async function listenForSenders({ address, port, path, token }: { address: string; port: number; path: string; token: string }, use: Use): Promise<Sockets> {
  const senders = new Set<WebSocket>();
  let paused = false;
  let refused = 0;
  const server = http.createServer({ headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS }, (_request, response) => response.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade, close' }).end('This port speaks WebSocket.\n'));
  server.maxConnections = MAX_SENDERS;
  const sockets = new WebSocketServer({
    server, maxPayload: MAX_MESSAGE, perMessageDeflate: false, clientTracking: false,
    verifyClient: ({ req }, answer) => {
      try {
        admit(req.headers, token);
        if ((req.url ?? '').split('?', 1)[0] !== path) throw new Refusal(404, `Connect to ${path}`);
        answer(true);
      } catch (error) {
        refused++;
        if (error instanceof Refusal) answer(false, error.status, error.message, error.headers);
        else answer(false, 500);
      }
    },
  });
  sockets.on('error', () => undefined);
  const real = await listenOn(server, 'WebSocket', address, port);
  server.on('error', (error) => use.failed(error));
  sockets.on('connection', (sender: WebSocket) => {
    senders.add(sender);
    if (paused) sender.pause();
    const alive = watched(sender);
    sender.on('message', (data) => use.message(bytesOf(data)));
    // What it did wrong (a message that is too long, no UTF-8) is said in the close that ws sends.
    sender.on('error', () => undefined);
    sender.on('close', () => {
      clearInterval(alive);
      senders.delete(sender);
    });
  });
  return {
    said: () => `Listens on ws://${place(address, real)}${path}${token === '' ? '' : ' (with a token)'}, ${senders.size} connected${refused > 0 ? `, ${refused} refused` : ''}`,
    pause(on) {
      paused = on;
      for (const sender of senders) if (on) sender.pause();
      else sender.resume();
    },
    close() {
      server.close();
      sockets.close();
      for (const sender of senders) leave(sender, 'The receiver is being stopped.');
    },
  };
}

/** @throws FatalError when the server refuses, an Error when it is not there */
export async function connectTo(url: string, token: string, use: Use, signal: AbortSignal): Promise<Sockets> {
  const socket = new WebSocket(url, { maxPayload: MAX_MESSAGE, handshakeTimeout: HANDSHAKE_MS, headers: token === '' ? {} : { Authorization: `Bearer ${token}` } });
  const close = (): void => leave(socket, 'No more is wanted.');
  // From the first moment on: what comes with the answer to the handshake must not be missed.
  socket.on('message', (data) => use.message(bytesOf(data)));
  let answered = 0;
  socket.on('unexpected-response', (_request, response) => {
    answered = response.statusCode ?? 0;
    response.resume();
    socket.terminate();
  });
  signal.addEventListener('abort', close, { once: true });
  try {
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject).once('close', () => reject(new Error('the connection was closed'))));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (answered >= 400 && answered < 500 && answered !== 408 && answered !== 429) throw new FatalError(`${url} refused the connection with ${answered}.${answered === 401 || answered === 403 ? ' Check the token.' : ' Check the address.'}`);
    throw new Error(answered > 0 ? `${url} answered ${answered}.` : `${url} cannot be reached: ${reason}`);
  } finally {
    signal.removeEventListener('abort', close);
  }
  const alive = watched(socket);
  let wrong = '';
  socket.on('error', (error) => (wrong = error.message));
  socket.on('close', (code, reason) => {
    clearInterval(alive);
    use.failed(new Error(`${url} ended the connection (${code}${reason.length > 0 ? `, ${reason.toString().slice(0, 100)}` : ''})${wrong === '' ? '' : `: ${wrong}`}.`));
  });
  return {
    said: () => `Connected to ${url}`,
    pause(on) {
      if (on) socket.pause();
      else socket.resume();
    },
    close,
  };
}

/** Ends a socket whose other side is gone without a word. */
function watched(socket: WebSocket): NodeJS.Timeout {
  let heard = true;
  socket.on('pong', () => (heard = true)).on('message', () => (heard = true));
  return setInterval(() => {
    // While it is paused nothing can be heard.
    if (!heard && !socket.isPaused) return socket.terminate();
    heard = false;
    socket.ping();
    return undefined;
  }, PING_MS);
}

/** Says goodbye, and does not wait long for the other side to. */
function leave(socket: WebSocket, reason: string): void {
  socket.close(1001, reason);
  setTimeout(() => socket.terminate(), 1000).unref();
}

function bytesOf(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
}
