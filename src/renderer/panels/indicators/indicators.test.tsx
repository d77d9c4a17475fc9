// @vitest-environment jsdom
/** The panel of indicators on the engine in memory. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import { noticeStore } from '../../state/notices.ts';
import { view } from '../../state/view.ts';
import { indicatorsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(indicatorsPanel, () => import('./indicators-panel.tsx'));
afterEach(() => noticeStore.setState({ notices: [] }));

it('shows what was met; a click shows the events, values of lists are text', async () => {
  await show('case');
  const table = await screen.findByRole('region', { name: 'Indicators that were met' });
  expect(within(table).getByText('1,204')).toBeTruthy();
  expect(within(table).getByText(/<img src=x/)).toBeTruthy();
  expect(table.querySelector('img')).toBeNull();
  expect(within(table).getByText(/expired/)).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: '203.0.113.66' }));
  expect(view.getState().query).toContain('threat:203.0.113.66');
  view.getState().setQuery('');
  fireEvent.click(screen.getByRole('button', { name: 'Show all of their events' }));
  expect(view.getState().query).toBe('has:threat');
});

it('lists can be looked at, switched off and removed', async () => {
  await show('case');
  fireEvent.click(await screen.findByRole('tab', { name: /Lists/ }));
  fireEvent.click(screen.getByRole('button', { name: 'feed.stix.json' }));
  expect(screen.getByText(/310 rejected: it needs several things at once/)).toBeTruthy();
  fireEvent.click(screen.getByRole('switch', { name: 'Compare with feed.stix.json' }));
  await waitFor(() => expect(fake.state.calls.some(({ call }) => call === 'indicators.enable')).toBe(true));
  fireEvent.click(screen.getByRole('button', { name: 'Remove watch.csv' }));
  expect(screen.getByRole('button', { name: 'feed.stix.json' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Remove it' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'watch.csv' })).toBeNull());
});

it('teaches what to add where there is nothing, and adds it', async () => {
  await show('empty');
  expect(await screen.findByText('No lists of indicators yet')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Add lists' }));
  await waitFor(() => expect(fake.state.calls.filter(({ call }) => call === 'indicators.add').length).toBe(2));
  expect(await screen.findByRole('tab', { name: 'Lists (2)' })).toBeTruthy();
});

const places = async (): Promise<HTMLElement> => {
  const tab = await screen.findByRole('tab', { name: /^Places and owners/ });
  fireEvent.click(tab);
  return await screen.findByRole('region', { name: 'Places and owners' });
};

it('says what databases and maps are and give; a field is a link to its events, what was left out is text', async () => {
  await show('case');
  const table = await places();
  expect(screen.getByRole('tab', { name: 'Places and owners (3)' })).toBeTruthy();
  expect(within(table).getByText('GeoLite2-City, built 2026-11-03')).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: 'source.geo.country_iso_code' }));
  expect(view.getState().query).toBe('has:source.geo.country_iso_code');
  expect(within(table).getByText('map of 118 rows, 3 left out')).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: 'hosts.csv' }));
  expect(within(table).getByText(/2 left out: the row names no host, ip or service/)).toBeTruthy();
  expect(table.querySelector('b')).toBeNull();
  fireEvent.click(within(table).getByRole('button', { name: 'GeoLite2-City.mmdb' }));
  expect(within(table).getByText('cd'.repeat(32))).toBeTruthy();
  fireEvent.click(within(table).getByRole('switch', { name: 'Use hosts.csv' }));
  await within(table).findByText('off: in no answer');
  expect(fake.state.calls.find(({ call }) => call === 'enrichment.enable')?.input).toEqual({ id: 3, enabled: false });
  fireEvent.click(within(table).getByRole('button', { name: 'Remove hosts.csv' }));
  fireEvent.click(within(table).getByRole('button', { name: 'Remove it' }));
  await screen.findByRole('tab', { name: 'Places and owners (2)' });
});

it('says of a database that has changed what can be done; the old one goes when the new one is in the case', async () => {
  await show('case');
  const table = await places();
  expect(within(table).getByText(/Not used: the file is not the one that was added/)).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: 'Use GeoLite2-ASN.mmdb as it is now' }));
  await waitFor(() => expect(within(table).queryByText(/Not used/)).toBeNull());
  expect(fake.state.calls.filter(({ call }) => /^enrichment\.(?:add|remove)/.test(call))).toEqual([{ call: 'enrichment.add', input: { kind: 'geoip', path: '/media/stick/GeoLite2-ASN.mmdb' } }, { call: 'enrichment.remove', input: { id: 2 } }]);
});

it('keeps the old database when the new file is none, and says so', async () => {
  await show('case', {
    prepare: ({ shell }) => {
      shell.shell.pickFiles = () => ['/home/me/notes.txt'];
    },
  });
  const table = await places();
  fireEvent.click(within(table).getByRole('button', { name: 'Choose another file for GeoLite2-ASN.mmdb' }));
  await waitFor(() => expect(noticeStore.getState().notices.map(({ message }) => message).join()).toMatch(/notes\.txt is no database in MaxMind/));
  expect(fake.state.calls.some(({ call }) => call === 'enrichment.remove')).toBe(false);
});

it('teaches what databases and maps give where there are none; goes from tab to tab with the arrows', async () => {
  await show('empty', {
    prepare: ({ shell }) => {
      shell.shell.pickFiles = ({ extensions }) => (extensions?.includes('mmdb') ? ['/geo/city.mmdb'] : ['/home/me/hosts.csv']);
    },
  });
  const tab = await screen.findByRole('tab', { name: 'Met' });
  fireEvent.keyDown(tab, { key: 'ArrowLeft' });
  expect(await screen.findByText('Nothing is known of addresses and hosts yet')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Show the events that have an address' }));
  expect(view.getState().query).toBe('has:ip');
  fireEvent.click(screen.getByRole('button', { name: 'Choose a GeoIP database' }));
  const table = await screen.findByRole('region', { name: 'Places and owners' });
  expect(within(table).getByRole('button', { name: 'city.mmdb' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Add a map' }));
  await within(table).findByRole('button', { name: 'hosts.csv' });
  expect(fake.state.calls.filter(({ call }) => call === 'enrichment.add').map(({ input }) => input)).toEqual([{ kind: 'geoip', path: '/geo/city.mmdb' }, { kind: 'map', path: '/home/me/hosts.csv' }]);
});

it('changes nothing of a case that is read-only', async () => {
  await show('case', {
    prepare: ({ engine }) => {
      const { info: asked } = engine.cases;
      engine.cases.info = async (input, context) => {
        const info = await asked(input, context);
        return info && { ...info, readOnly: true };
      };
    },
  });
  const table = await places();
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Choose a GeoIP database' })).toBeNull());
  expect(within(table).queryAllByRole('button', { name: /Remove|Use .* as it is now|Choose another/ })).toEqual([]);
  expect(within(table).getByRole<HTMLInputElement>('switch', { name: 'Use hosts.csv' }).disabled).toBe(true);
});
