// @vitest-environment jsdom
/** What the fields of an event say of indicators, and of a database of places that is missing. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../../test/support/fake-client.ts';
import type { Scenario } from '../../../../test/support/fake-engine.ts';
import type { EventDetail } from '../../../shared/event.ts';
import { askCache } from '../../client/ask-cache.ts';
import { engine } from '../../client/client.ts';
import { watchCase } from '../../state/case.ts';
import { FieldsTab } from './fields-tab.tsx';
import { isPublicAddress } from './model.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

let stop: () => void = () => undefined;
async function show(scenario: Scenario, more: Partial<EventDetail>): Promise<ReturnType<typeof startFake>> {
  const fake = startFake(scenario, ({ shell, engine: { enrichment } }) => {
    shell.shell.pickFiles = () => ['/geo/city.mmdb'];
    if (scenario === 'case') enrichment.list = () => [];
  });
  stop = watchCase();
  const event = await engine.events.get({ id: 4096 });
  render(<MantineProvider><FieldsTab event={{ ...event, ...more }} /></MantineProvider>);
  return fake;
}
beforeEach(() => stubBrowser());
afterEach(() => {
  cleanup();
  stop();
  vi.unstubAllGlobals();
  askCache.clear();
});

it('says which fields an indicator was met in, and marks them', async () => {
  await show('case', {
    attributes: [{ name: 'dest.ip', value: '198.51.100.7' }], derived: [{ name: 'threat.indicator.value', value: '198.51.100.0/24' }, { name: 'threat.indicator.value', value: 'evil.example' }],
    met: [{ indicator: '198.51.100.0/24', in: ['message', 'dest.ip'] }, { indicator: 'evil.example', in: [] }],
  });
  expect(screen.getByText('message, dest.ip')).toBeTruthy();
  expect(screen.getByText(/met in the record as it was read/)).toBeTruthy();
  expect(screen.getByRole('rowheader', { name: /dest\.ip/ }).contains(screen.getByRole('img', { name: 'Has the indicator 198.51.100.0/24' }))).toBe(true);
  expect(screen.queryByText(/No GeoIP database/)).toBeNull();
});

it('says once that no database knows the place of an address, lets one be chosen, and is still when told so', async () => {
  const fake = await show('case', { fields: [{ name: 'ip', value: '203.0.113.7' }] });
  fireEvent.click(await screen.findByRole('button', { name: 'Choose one' }));
  await waitFor(() => expect(fake.state.calls.find(({ call }) => call === 'enrichment.add')?.input).toEqual({ kind: 'geoip', path: '/geo/city.mmdb' }));
  fireEvent.click(screen.getByRole('button', { name: 'Not now' }));
  expect(screen.queryByText(/No GeoIP database/)).toBeNull();
});

it('knows addresses that no database can know', () => {
  for (const address of ['203.0.113.7', '8.8.8.8', '172.32.0.1', '2001:db8::1', '::ffff:9.9.9.9', '100.128.0.1']) expect([address, isPublicAddress(address)]).toEqual([address, true]);
  for (const address of ['10.1.2.3', '127.0.0.1', '192.168.0.9', '172.16.0.1', '169.254.1.1', '100.64.0.1', '224.0.0.1', '::1', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', 'localhost', '-', '']) expect([address, isPublicAddress(address)]).toEqual([address, false]);
});
