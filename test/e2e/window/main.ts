/**
 * The product's own window on the engine in memory, for screenshots and accessibility runs before there is data.
 * Query parameters: scenario=case|empty|none|ingesting, theme=dark|light, count=events.
 */
import { engineContract, shellContract } from '../../../src/shared/contract/index.ts';
import type { Port } from '../../../src/shared/contract/rpc.ts';
import { makeFake, serve } from '../../support/fake-engine.ts';
import type { Scenario } from '../../support/fake-engine.ts';

const parameters = new URLSearchParams(location.search);
const fake = makeFake((parameters.get('scenario') ?? 'case') as Scenario, Number(parameters.get('count') ?? 12_000));
const theme = parameters.get('theme');
if (theme === 'dark' || theme === 'light') {
  const about = fake.shell.shell.about;
  fake.shell.shell.about = async (input, context) => ({ ...(await about(input, context)), theme });
}

function join(port: MessagePort): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener(event.data));
      port.start();
    },
  };
}
const engine = new MessageChannel();
const shell = new MessageChannel();
fake.state.emit = (name, value) => engine.port2.postMessage({ push: name, value });
serve(fake.engine, engineContract, join(engine.port2), fake.state);
serve(fake.shell, shellContract, join(shell.port2));

Object.assign(window, { tidemark: { pathForFile: (file: File) => `/dropped/${file.name}` }, fake: { state: fake.state, engineState: (value: unknown) => shell.port2.postMessage({ push: 'shell.engineState', value }) } });
window.addEventListener('message', (event: MessageEvent) => {
  if ((event.data as { tidemark?: string } | null)?.tidemark === 'ready') window.postMessage({ tidemark: 'ports' }, '*', [engine.port1, shell.port1]);
});
await import('../../../src/renderer/app/main.tsx');
