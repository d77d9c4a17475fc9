// @vitest-environment jsdom
/** Adding a source and watching connections, on the engine in memory: what a person does, and what is asked and shown because of it. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../test/support/fake-client.ts';
import type { Scenario } from '../../../test/support/fake-engine.ts';
import { askCache } from '../client/ask-cache.ts';
import { IngestSheet } from '../ingest/ingest-sheet.tsx';
import { HealthPanel } from '../panels/health/health-panel.tsx';
import { caseStore, watchCase } from '../state/case.ts';
import { connectionStore } from '../state/connections.ts';
import { openIngest, screenStore } from '../state/screen.ts';
import { view } from '../state/view.ts';
import { formatCount } from '../ui/numbers.ts';

vi.mock('../client/client.ts', async () => (await import('../../../test/support/fake-client.ts')).fakeClient());
let fake: ReturnType<typeof startFake>;
let stop: () => void;
async function show(scenario: Scenario = 'case'): Promise<void> {
  fake = startFake(scenario);
  stop = watchCase();
  await waitFor(() => expect(connectionStore.getState().ready).toBe(true));
  render(<MantineProvider><IngestSheet /><HealthPanel /></MantineProvider>);
}
const called = (call: string): unknown[] => fake.state.calls.filter((one) => one.call === call).map((one) => one.input);
const click = (name: string | RegExp): boolean => fireEvent.click(screen.getByRole('button', { name }));
const type = (label: string | RegExp, value: string): boolean => fireEvent.change(screen.getByLabelText(label), { target: { value } });

beforeEach(() => {
  stubBrowser();
  vi.stubGlobal('CSS', { escape: (text: string) => text });
  // What jsdom lacks and the kit asks for.
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
  Element.prototype.scrollIntoView = () => undefined;
  askCache.clear();
});
afterEach(() => {
  cleanup();
  stop();
  vi.unstubAllGlobals();
  caseStore.setState({ info: null, sources: new Map(), pins: [], pinned: new Set(), jobs: [] });
  screenStore.setState({ screen: 'canvas', ingest: null, health: { tab: 'sources', sourceId: null } });
  view.setState({ query: '', from: null, to: null });
});

async function form(kind: RegExp): Promise<HTMLElement> {
  await show('empty');
  act(() => openIngest({ kind: 'source' }));
  fireEvent.click(await screen.findByRole('button', { name: kind }));
  return await screen.findByRole('form');
}

describe('adding a source', () => {
  it('offers files first, and leads to the sheet that reads them', async () => {
    await show('empty');
    act(() => openIngest({ kind: 'source' }));
    await screen.findByRole('button', { name: /^Git repository/ });
    const offered = within(screen.getByRole('dialog', { name: 'Add a source' })).getAllByRole('listitem').map((item) => item.querySelector('button span span')?.textContent);
    expect(offered).toEqual(['Files or folders', 'Pasted text', 'Git repository', 'Log server']);
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Files or folders'));
    click(/^Files or folders/);
    expect(await screen.findByRole('button', { name: 'Choose files' })).toBeTruthy();
  });
  it('draws every kind of setting with its label, help and default', async () => {
    const box = within(await form(/^Log server/));
    expect(box.getByLabelText(/^Address/)).toHaveProperty('required', true);
    expect(box.getByLabelText('Token')).toHaveProperty('type', 'password');
    expect(box.getByText('Read access is enough.')).toBeTruthy();
    expect(box.getByRole('combobox', { name: 'What to ask for' })).toHaveProperty('value', 'all');
    expect(box.getByLabelText('Streams').tagName).toBe('TEXTAREA');
    cleanup();
    stop();
    screenStore.setState({ ingest: null });
    const git = within(await form(/^Git repository/));
    expect(git.getByRole('checkbox', { name: 'Changed paths' })).toHaveProperty('checked', true);
    expect(git.getByLabelText(/^Look again every/)).toHaveProperty('value', '0');
    expect(git.getByText('0: only when you start it. From 0 to 86,400.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(git.getByLabelText(/^Folder/)));
    fireEvent.click(git.getByRole('button', { name: 'Choose folder: Folder' }));
    await waitFor(() => expect(git.getByLabelText(/^Folder/)).toHaveProperty('value', '/var/log'));
  });
  it('says by the field what is wrong, and asks the engine nothing until it is right', async () => {
    await form(/^Git repository/);
    type(/^Look again every/, '-3');
    click('Add');
    expect(await screen.findByText('This is needed.')).toBeTruthy();
    expect(screen.getByText('This must be at least 0.')).toBeTruthy();
    expect(screen.getByLabelText(/^Folder/).getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(screen.getByLabelText(/^Folder/));
    click('Test');
    expect([...called('connectors.test'), ...called('connectors.add')]).toEqual([]);
    type(/^Folder/, '/srv/shop');
    expect(screen.queryByText('This is needed.')).toBeNull();
  });
  it('puts what only the engine knows to be wrong at the field', async () => {
    await form(/^Log server/);
    type(/^Address/, 'http://a');
    fake.engine.connectors.add = () => {
      throw new Error("'url': There is no such host.");
    };
    click('Add');
    expect(await screen.findByText('There is no such host.')).toBeTruthy();
    expect(screen.getByLabelText(/^Address/).getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('form')).toBeTruthy();
  });
  it('tries it: good, bad, and given up', async () => {
    await form(/^Git repository/);
    const result = (): string => within(screen.getByRole('form')).getByRole('status').textContent ?? '';
    type(/^Folder/, '/srv/shop');
    click('Test');
    await waitFor(() => expect(result()).toBe('It works. /srv/shop: 3 branches and 2 tags can be read.'));
    type(/^Folder/, '/srv/missing');
    expect(result()).toBe('');
    click('Test');
    await waitFor(() => expect(result()).toBe('It does not work. /srv/missing is not in a git repository. Choose the folder that holds .git.'));
    type(/^Folder/, '/srv/slow');
    let aborted = false;
    const test = fake.engine.connectors.test;
    fake.engine.connectors.test = (input, context) => {
      context.signal.addEventListener('abort', () => (aborted = true));
      return test(input, context);
    };
    click('Test');
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel the test' }));
    await waitFor(() => expect(aborted).toBe(true));
    expect(result()).toBe('The test was cancelled.');
    expect(called('connectors.add')).toEqual([]);
  });
  it('adds what was typed and shows the connection come to work', async () => {
    await form(/^Git repository/);
    type(/^Folder/, '/srv/shop');
    type(/^Look again every/, '60');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Changed paths' }));
    type(/^Name/, ' Shop ');
    click('Add');
    const table = await screen.findByRole('region', { name: 'Connections' });
    expect(called('connectors.add')).toEqual([{ connector: 'git', name: 'Shop', config: { path: '/srv/shop', paths: false, every: 60 } }]);
    expect(screenStore.getState().ingest).toBeNull();
    expect(within(table).getByText('Shop')).toBeTruthy();
    await waitFor(() => expect(within(table).getByText('OK')).toBeTruthy());
  });
});

describe('the focus', () => {
  it('returns to where the sheet was opened from, also after a step was changed', async () => {
    await show('empty');
    const opener = screen.getByRole('button', { name: 'Add a source' });
    opener.focus();
    fireEvent.click(opener);
    fireEvent.click(await screen.findByRole('button', { name: /^Git repository/ }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/^Folder/)));
    fireEvent.click(screen.getByRole('button', { name: 'All sources' }));
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Files or folders'));
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
    await waitFor(() => expect(document.activeElement).toBe(opener));
  });
});

describe('connections', () => {
  const row = (name: RegExp): HTMLElement => {
    const found = screen.getByRole('button', { name, expanded: false }).closest('tr');
    if (!found) throw new Error(`no row ${name.source}`);
    return found;
  };
  const open = async (scenario: Scenario = 'case'): Promise<void> => {
    await show(scenario);
    act(() => screenStore.setState({ health: { tab: 'connections', sourceId: null } }));
    if (scenario === 'case') await screen.findByText('Log server of payments');
  };

  it('teaches when there is none', async () => {
    await open('empty');
    click('Connect a source');
    expect(screen.getByText('No connection yet')).toBeTruthy();
    expect(screenStore.getState().ingest).toEqual({ kind: 'source' });
  });
  it('says each state in words, with what comes next', async () => {
    await open();
    await waitFor(() => expect(row(/production/).textContent).toContain('OK listening'));
    expect(row(/^\/srv\/shop/).textContent).toMatch(/OK up to date, looks again in \d+ s/);
    expect(row(/staging/).textContent).toMatch(/Degraded failed 2 times, tries again in \d s/);
    expect(row(/payments/).textContent).toMatch(/Open paused by its breaker, tries again in 1\d s/);
    expect(row(/payments/).textContent).toContain('ECONNREFUSED');
    expect(row(/^\/srv\/old/).textContent).toContain('Stopped trying again would not mend it');
  });
  it('opens to the whole of it, with no secret in it', async () => {
    await open();
    fireEvent.click(screen.getByRole('button', { name: /Log server of payments/, expanded: false }));
    expect(screen.getByText('open: no try goes through until it has waited')).toBeTruthy();
    expect(screen.getByText('api, checkout')).toBeTruthy();
    expect(screen.getByText('in memory while the case is open, never in the case')).toBeTruthy();
    click('Add another with these settings');
    const box = within(await screen.findByRole('form'));
    expect(box.getByLabelText(/^Address/)).toHaveProperty('value', 'https://logs.shop.example:3100');
    expect(box.getByLabelText('Streams')).toHaveProperty('value', 'api\ncheckout');
    expect(box.getByLabelText(/^Name/)).toHaveProperty('value', 'Log server of payments');
    expect(box.getByLabelText('Token')).toHaveProperty('value', '');
  });
  it('starts, stops and tries now what was meant', async () => {
    await open();
    expect(within(row(/production/)).queryByRole('button', { name: /^(Start|Try now|Look now)/ })).toBeNull();
    click('Try now: Log server of payments');
    click('Start: /srv/old');
    await waitFor(() => expect(called('connectors.start')).toEqual([{ id: 4 }, { id: 5 }]));
    await waitFor(() => expect(row(/payments/).textContent).toContain('OK'));
    await waitFor(() => expect(screen.getByText(/^\/srv\/old: ok$|\. \/srv\/old: ok$/)).toBeTruthy());
    click('Stop: Log server of payments');
    await waitFor(() => expect(row(/payments/).textContent).toContain('Stopped'));
    expect(called('connectors.stop')).toEqual([{ id: 4 }]);
  });
  it('asks for the secrets that a case does not keep before it starts', async () => {
    await open();
    click('Start: Log server of the warehouse');
    const dialog = within(await screen.findByRole('dialog', { name: 'Start the connection' }));
    expect(called('connectors.start')).toEqual([]);
    fireEvent.change(dialog.getByLabelText('Token'), { target: { value: 'geheim' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(called('connectors.start')).toEqual([{ id: 6, secrets: { token: 'geheim' } }]));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Start the connection' })).toBeNull());
    await waitFor(() => expect(row(/warehouse/).textContent).toContain('OK'));
    // In memory now: it starts as it was.
    click('Stop: Log server of the warehouse');
    await waitFor(() => expect(row(/warehouse/).textContent).toContain('Stopped'));
    click('Start: Log server of the warehouse');
    await waitFor(() => expect(called('connectors.start')).toHaveLength(2));
    expect(called('connectors.start')[1]).toEqual({ id: 6 });
  });
  it('removes only what is confirmed, and says that events stay', async () => {
    await open();
    click('Remove: /srv/shop');
    expect(await screen.findByText(/events stay in the case/)).toBeTruthy();
    click('Cancel');
    await waitFor(() => expect(screen.queryByText(/events stay in the case/)).toBeNull());
    expect(called('connectors.remove')).toEqual([]);
    click('Remove: /srv/shop');
    fireEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: /^\/srv\/shop/ })).toBeNull());
    expect(called('connectors.remove')).toEqual([{ id: 2 }]);
  });
  it('leads from its figures to its events and to its rejected records', async () => {
    await open();
    const stored = fake.state.events.filter((event) => event.source === 1).length;
    fireEvent.click(await within(row(/production/)).findByRole('button', { name: formatCount(stored) }));
    expect(view.getState().query).toBe('source:"/var/log/api.jsonl"');
    expect(screenStore.getState().screen).toBe('canvas');
    click(/^12 rejected records of/);
    expect(screenStore.getState().health).toEqual({ tab: 'rejects', sourceId: 1 });
    await waitFor(() => expect(called('rejects.list').at(-1)).toMatchObject({ sourceId: 1 }));
  });
  it('counts what is stored from what is told', async () => {
    await open();
    const told = fake.state.connection(1);
    if (!told) throw new Error('no connection');
    act(() => fake.state.emit('connectors.status', { ...told, stored: told.stored + 250 }));
    expect(await within(row(/production/)).findByRole('img', { name: /^250 stored in the last/ })).toBeTruthy();
  });
  it('forgets them when the case is closed', async () => {
    await open();
    act(() => fake.state.emit('cases.opened', null));
    expect(connectionStore.getState().connections.size).toBe(0);
  });
});
