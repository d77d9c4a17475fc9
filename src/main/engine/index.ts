/** The engine's process: an Electron utilityProcess that answers the engine contract on every port the shell hands it. */
import { serve } from '../../shared/contract/serve.ts';
import { engineContract } from '../../shared/contract/index.ts';
import { fromPortMain } from '../../shared/contract/port-main.ts';
import type { PortMain } from '../../shared/contract/port-main.ts';
import type { ToEngine } from '../../shared/engine-process.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './engine.ts';

/** Electron adds this to `process` in a utilityProcess; typed here because the engine does not import Electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine; ports: PortMain[] }) => void): void;
}
const { parentPort } = process as typeof process & { parentPort?: ParentPort };
if (!parentPort) throw new Error('This is the engine of the desktop application; the command line is cli.js.');

const FAILED = 70;

function fail(error: unknown): never {
  console.error(error);
  // The state in memory is not to be trusted any more; what was committed is safe, and the shell starts a new engine.
  process.exit(FAILED);
}
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

let engine: Engine | null = null;

function answer(port: PortMain, asked: Engine): void {
  const served = serve(engineContract, asked.handlers, fromPortMain(port), { onInternal: (call, error) => console.error(call, error) });
  const stop = asked.onPush((push, value) => port.postMessage({ push, value }));
  port.on('close', () => {
    stop();
    served.close();
  });
}

parentPort.on('message', ({ data, ports }) => {
  switch (data.type) {
    case 'init':
      // Workers are bundled beside this file.
      engine = createEngine({ dataDir: data.dataDir, user: data.user, toolVersion: data.version, workerDir: new URL('./', import.meta.url), startWorkersEarly: true });
      break;
    case 'port':
      if (!engine) throw new Error('A port came before init.');
      for (const port of ports) answer(port, engine);
      break;
    case 'close':
      Promise.resolve(engine?.close()).then(() => process.exit(0), fail);
      break;
  }
});
