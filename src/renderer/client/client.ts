/**
 * The two things the window can ask: the engine (everything about data) and the shell (dialogs, PDF, theme).
 * The preload script posts their ports to the page once the page has said that it is ready.
 */
import { makeClient } from '../../shared/contract/client.ts';
import { engineContract, shellContract } from '../../shared/contract/index.ts';
import type { EngineClient, ShellClient } from '../../shared/contract/index.ts';
import { createSwitchPort } from './switch-port.ts';

const enginePort = createSwitchPort();
const shellPort = createSwitchPort();

export const engine: EngineClient = makeClient(engineContract, enginePort);
export const shell: ShellClient = makeClient(shellContract, shellPort);

type PortsMessage = { tidemark: 'ports' | 'engine-port' };
function isPortsMessage(data: unknown): data is PortsMessage {
  return typeof data === 'object' && data !== null && 'tidemark' in data && (data.tidemark === 'ports' || data.tidemark === 'engine-port');
}

/** Takes the ports when they come and asks for them. Called once, before anything is drawn. */
export function connect(target: Window = window): void {
  target.addEventListener('message', (event: MessageEvent) => {
    // Only this page and its own preload post here; a message from any other window is not for us.
    if (event.source !== target || !isPortsMessage(event.data)) return;
    const [first, second] = event.ports;
    if (first) enginePort.connect(first);
    if (event.data.tidemark === 'ports' && second) shellPort.connect(second);
  });
  target.postMessage({ tidemark: 'ready' }, '*');
}

/** Says that the engine is gone: open questions fail at once instead of hanging, new ones wait for the next engine. */
export function engineLost(message: string): void {
  enginePort.disconnect(message);
}
