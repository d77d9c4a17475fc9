import { describe, expect, it } from 'vitest';
import { createSwitchPort } from './switch-port.ts';
import type { PortLike } from './switch-port.ts';

function fakePort() {
  const sent: unknown[] = [];
  const port: PortLike & { closed: boolean } = { onmessage: null, closed: false, postMessage: (message) => void sent.push(message), close: () => void (port.closed = true) };
  return { port, sent };
}
const deliver = (port: PortLike, data: unknown): void => port.onmessage?.({ data } as MessageEvent);

describe('createSwitchPort', () => {
  it('holds what is asked before the port comes', () => {
    const line = createSwitchPort();
    line.postMessage({ id: 1, call: 'cases.info', input: {} });
    const { port, sent } = fakePort();
    line.connect(port);
    expect(sent).toEqual([{ id: 1, call: 'cases.info', input: {} }]);
  });

  it('fails what the old engine never answered, and only that', () => {
    const line = createSwitchPort();
    const heard: unknown[] = [];
    line.onMessage((message) => heard.push(message));
    const first = fakePort();
    line.connect(first.port);
    line.postMessage({ id: 1, call: 'a.b', input: {} });
    line.postMessage({ id: 2, call: 'a.b', input: {} });
    deliver(first.port, { id: 1, ok: 'fine' });
    line.disconnect('The engine stopped.');
    expect(heard).toEqual([{ id: 1, ok: 'fine' }, { id: 2, error: { code: 'unavailable', message: 'The engine stopped.' } }]);
    line.postMessage({ id: 3, call: 'a.b', input: {} });
    const second = fakePort();
    line.connect(second.port);
    expect(second.sent).toEqual([{ id: 3, call: 'a.b', input: {} }]);
    expect(first.port.closed).toBe(true);
    deliver(second.port, { push: 'cases.opened', value: null });
    expect(heard.at(-1)).toEqual({ push: 'cases.opened', value: null });
  });
});
