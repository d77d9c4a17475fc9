/** A receiver of OTLP under load: the engine in this process, its sender in the one that started it. */
import { createEngine } from '../../../src/main/engine/engine.ts';
import { peakMemory } from './memory.ts';

export interface ReceiveFigures {
  /** what the case says it holds at the end */
  stored: number;
  /** highest resident memory of the process, and that before anything was received */
  peakBytes: number;
  idleBytes: number;
  /** that the process and all its threads took from the first request to the last */
  cpuSeconds: number;
}
/** Sent to the parent when it listens. It stops when the parent says anything. */
export interface Listening {
  listening: { http: number; grpc: number };
}

const CONTEXT = { signal: new AbortController().signal };
const SAMPLE_MS = 50;

export async function receive(caseFile: string, dataDir: string): Promise<ReceiveFigures> {
  const engine = createEngine({ dataDir, workerDir: new URL('./', import.meta.url), toolVersion: 'bench', user: 'bench', startWorkersEarly: true });
  const { cases, connectors } = engine.handlers;
  await cases.create({ path: caseFile }, CONTEXT);
  const { id } = await connectors.add({ connector: 'otlp', name: '', config: { port: 0, grpcPort: 0 } }, CONTEXT);
  const status = async (): Promise<Awaited<ReturnType<typeof connectors.list>>[number]> => {
    const found = (await connectors.list({}, CONTEXT)).find((one) => one.id === id);
    if (!found || found.error !== '') throw new Error(`The receiver does not run: ${found?.error ?? 'it is gone'}`);
    return found;
  };
  let note = '';
  while (note === '') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ({ note } = await status());
  }
  const port = (what: string): number => Number(new RegExp(`${what} \\S+?:(\\d+)`).exec(note)?.[1]);
  const idleBytes = peakMemory();
  let sampled = 0;
  const sampling = setInterval(() => (sampled = Math.max(sampled, process.memoryUsage.rss())), SAMPLE_MS);
  process.send?.({ listening: { http: port('HTTP'), grpc: port('gRPC') } } satisfies Listening);
  const before = process.cpuUsage();
  await new Promise((resolve) => process.once('message', resolve));
  const { user, system } = process.cpuUsage(before);
  clearInterval(sampling);
  await status();
  await connectors.stop({ id }, CONTEXT);
  const stored = (await engine.handlers.events.sources({}, CONTEXT)).reduce((sum, { ledger }) => sum + ledger.stored, 0);
  await engine.close();
  return { stored, peakBytes: Math.max(sampled, peakMemory()), idleBytes, cpuSeconds: (user + system) / 1e6 };
}
