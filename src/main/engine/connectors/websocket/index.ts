/** Receives messages over WebSockets: as a server, or from one. */
import { z } from 'zod';
import { connector, type Chunk, type ReadContext } from '../connector.ts';
import { Batcher } from '../lib/batcher.ts';
import { checkOf, schemaField } from '../lib/json-schema.ts';
import { bindField, place, portField } from '../lib/listen.ts';
import { receive } from '../lib/receiving.ts';
import { checkToken, tokenCursor, tokenField } from '../lib/token.ts';
import { jsonMessage, textMessage } from './messages.ts';
import { connectTo, listenForSenders, type Sockets, type Use } from './sockets.ts';

const JSON_FORMAT = 'http-json';

const config = z.object({
  url: z.string().default('').refine((text) => text === '' || /^wss?:\/\/[^\s#]+$/.test(text), 'An address begins with ws:// or wss://.').meta({ title: 'Server', description: 'ws:// or wss:// address to connect to. Empty: listen for senders on the address and port below.' }),
  address: bindField,
  port: portField(5581),
  path: z.string().regex(/^\/[^?#\s]*$/, 'A path begins with / and has no ? or #.').default('/').meta({ title: 'Path' }),
  token: tokenField.meta({ title: 'Token', description: 'As "Authorization: Bearer TOKEN": senders must show it, needed for every address but 127.0.0.1; a server gets to see it. It is not kept in the case.', secret: true }),
  format: z.string().default('').meta({ title: 'Format', description: 'Empty: messages are JSON, an object, one on each line, or a list of them. Else what their lines are written in.', format: 'log-format' }),
  schema: schemaField,
});
type Config = z.output<typeof config>;

async function open(given: Config, use: Use, signal: AbortSignal): Promise<Sockets> {
  return given.url === '' ? await listenForSenders(given, use) : await connectTo(given.url, given.token, use, signal);
}
function checkSettings(given: Config, cursor: string): void {
  checkToken(given.url === '' ? given : { address: '127.0.0.1', token: given.token }, cursor);
}

async function* read(given: Config, context: ReadContext): AsyncGenerator<Chunk, void, void> {
  checkSettings(given, context.cursor);
  const check = await checkOf(given.schema);
  const isJson = given.format === '' || given.format === JSON_FORMAT;
  let failure: Error | null = null;
  let lastRefusal = '';
  let refused = 0;
  const batcher: Batcher = new Batcher(() => sockets?.pause(false));
  const take = (message: Buffer): void => {
    if (isJson) {
      const { lines, count, refused: reason } = jsonMessage(message, check);
      if (reason !== '') {
        refused++;
        lastRefusal = reason;
      }
      if (count > 0) batcher.add(lines, count);
    } else {
      const { lines, count } = textMessage(message);
      if (count > 0) batcher.add(lines, count);
    }
    // The other side's window fills up, and it waits.
    if (batcher.full) sockets?.pause(true);
  };
  let sockets: Sockets | null = null;
  const { said, close } = (sockets = await open(given, {
    message: take,
    failed(error) {
      failure = error;
      batcher.end();
    },
  }, context.signal));
  yield* receive(batcher, tokenCursor(given.token), context, {
    said: () => `${said()}${refused > 0 ? `; ${refused} messages were no JSON, the last: ${lastRefusal.slice(0, 200)}` : ''}.`,
    close,
    // A server that says goodbye to who leaves is no failure.
    failure: () => (context.signal.aborted ? null : failure),
  });
}

export const websocketConnector = connector({
  id: 'websocket',
  title: 'WebSocket',
  description: 'Messages over WebSockets, from senders that connect to this machine or from a server that it connects to. WebSocket has no answers: what is on its way when the program is killed is lost.',
  signal: 'logs',
  format: ({ format }) => (format === '' ? JSON_FORMAT : format),
  mode: 'live',
  config,
  target: ({ url, address, port, path }) => (url === '' ? `ws://${place(address, port)}${path}` : url),
  async test(given, signal) {
    checkSettings(given, '');
    await checkOf(given.schema);
    const sockets = await open(given, { message: () => undefined, failed: () => undefined }, signal);
    sockets.close();
    return given.url === '' ? `${place(given.address, given.port)} is free to listen on.` : `${given.url} answers.`;
  },
  read,
});
