/** Starts worker threads where the code lies: beside the bundle, or as TypeScript sources when tests run them as they are. */
import { Worker } from 'node:worker_threads';

export type WorkerName = 'parse' | 'query';

export function startWorker(name: WorkerName, workerDir: URL | string | undefined, workerData: unknown): Worker {
  const here = import.meta.url;
  const url = workerDir ? new URL(`${name}.js`, toDirectory(workerDir)) : new URL(here.endsWith('.ts') ? `./${name}.ts` : `./${name}.js`, here);
  return new Worker(url, { workerData, name: `tidemark-${name}` });
}

function toDirectory(dir: URL | string): URL {
  const text = String(dir);
  return new URL(text.endsWith('/') ? text : `${text}/`, 'file:///');
}
