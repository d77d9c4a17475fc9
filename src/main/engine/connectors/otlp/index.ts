/** Receives OpenTelemetry's protocol, OTLP, over HTTP and gRPC: logs, traces and metrics, each a source of its own. */
import { z } from 'zod';
import { connector, type Chunk, type ReadContext } from '../connector.ts';
import { bindField, listenOn, place, portField } from '../lib/listen.ts';
import { receive } from '../lib/receiving.ts';
import { checkToken, tokenCursor, tokenField } from '../lib/token.ts';
import { grpcServer, type GrpcServer } from './grpc.ts';
import { httpServer } from './http.ts';
import { Intake, streamOf } from './intake.ts';

const config = z.object({
  address: bindField,
  port: portField(4318).meta({ title: 'HTTP port', description: '0: any that is free; the status says which.' }),
  grpcPort: portField(4317).meta({ title: 'gRPC port', description: '0: any that is free; the status says which.' }),
  protocols: z.enum(['both', 'http', 'grpc']).default('both').meta({ title: 'Protocols' }),
  token: tokenField,
});
type Config = z.output<typeof config>;

interface Open {
  /** where it listens: 'HTTP 127.0.0.1:4318' */
  places: string[];
  close(): void;
  destroy(): void;
}

/** @throws FatalError when a port cannot be had */
async function listen({ address, port, grpcPort, protocols }: Config, intake: Intake, failed: (error: Error) => void): Promise<Open> {
  const web = protocols === 'grpc' ? null : httpServer(intake);
  const grpc: GrpcServer | null = protocols === 'http' ? null : grpcServer(intake);
  const open: Open = {
    places: [],
    close() {
      web?.close();
      web?.closeIdleConnections();
      grpc?.close();
    },
    destroy() {
      web?.closeAllConnections();
      grpc?.destroy();
    },
  };
  try {
    if (web) open.places.push(`HTTP ${place(address, await listenOn(web, 'HTTP', address, port))}`);
    if (grpc) open.places.push(`gRPC ${place(address, await listenOn(grpc.server, 'gRPC', address, grpcPort))}`);
  } catch (error) {
    open.close();
    throw error;
  }
  web?.on('error', failed);
  grpc?.server.on('error', failed);
  return open;
}

async function* read(given: Config, context: ReadContext): AsyncGenerator<Chunk, void, void> {
  checkToken(given, context.cursor);
  const intake = new Intake(given.token);
  const { batcher } = intake;
  let failure: Error | null = null;
  const { places, close, destroy } = await listen(given, intake, (error) => {
    failure = error;
    batcher.end();
  });
  const said = (): string => {
    const { refused, lastRefusal } = intake;
    return `Listens on ${places.join(', ')}${given.token === '' ? '' : ' (with a token)'}${refused === 0 ? '' : `; ${refused} refused, the last: ${lastRefusal.slice(0, 300)}`}`;
  };
  try {
    for await (const { group, ...chunk } of receive(batcher, tokenCursor(given.token), context, { said, close, failure: () => failure })) yield { ...chunk, stream: streamOf(group) };
  } finally {
    // Answers on their way have a moment to leave.
    setTimeout(destroy, 200).unref();
  }
}

export const otlpConnector = connector({
  id: 'otlp',
  title: 'OpenTelemetry receiver (OTLP)',
  description: 'Listens for logs, traces and metrics that programs and Collectors send by OTLP, over HTTP (protobuf or JSON, also with gzip) and gRPC. Each is answered when it is stored.',
  signal: 'logs',
  format: 'otlp-logs',
  streams: [
    { id: 'logs', title: 'logs', signal: 'logs', format: 'otlp-logs', documents: true },
    { id: 'traces', title: 'traces', signal: 'traces', format: 'otlp', documents: true },
    { id: 'metrics', title: 'metrics', signal: 'metrics', format: 'otlp-metrics', documents: true },
  ],
  mode: 'live',
  config,
  target: ({ address, port, grpcPort, protocols }) => `OTLP ${place(address, protocols === 'grpc' ? grpcPort : port)}`,
  async test(given) {
    checkToken(given, '');
    const { places, close } = await listen(given, new Intake(given.token), () => undefined);
    close();
    return `${places.join(' and ')} ${places.length === 1 ? 'is' : 'are'} free to listen on.`;
  },
  read,
});
