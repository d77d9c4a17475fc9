// @vitest-environment jsdom
/** The four data panels on the engine in memory: what a person does, and what is asked and shown because of it. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Panel } from './panel.ts';
import { startFake, stubBrowser } from '../../../test/support/fake-client.ts';
import { askCache } from '../client/ask-cache.ts';
import { canvasStore, FIRST_LAYOUT } from '../state/canvas.ts';
import { caseStore, watchCase } from '../state/case.ts';
import { undo } from '../state/undo.ts';
import { view } from '../state/view.ts';
import { detailPanel } from './detail/index.ts';
import { eventsPanel } from './events/index.ts';
import { facetsPanel } from './facets/index.ts';
import { timelinePanel } from './timeline/index.ts';

vi.mock('../client/client.ts', async () => (await import('../../../test/support/fake-client.ts')).fakeClient());
// A canvas is not part of jsdom; what is drawn is tested in window-option.test.ts.
vi.mock('./timeline/chart.ts', () => ({ makeChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn(), getWidth: () => WIDTH, getHeight: () => HEIGHT }) }));

const WIDTH = 1168;
const HEIGHT = 324;
let fake: ReturnType<typeof startFake>;
let stop: () => void;

async function show({ id, Component }: Panel): Promise<void> {
  fake = startFake();
  stop = watchCase();
  await waitFor(() => expect(caseStore.getState().info?.from ?? null).not.toBeNull());
  render(<MantineProvider><Component panelKey={id} linked /></MantineProvider>);
}

// A panel's code comes when it is first drawn; a busy machine takes longer over that than a test waits.
beforeAll(async () => {
  await Promise.all([import('./detail/detail-panel.tsx'), import('./events/events-panel.tsx'), import('./facets/facets-panel.tsx'), import('./timeline/timeline-panel.tsx')]);
});
beforeEach(() => {
  stubBrowser({ width: WIDTH, height: HEIGHT });
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: vi.fn(async () => undefined) } });
  askCache.clear();
});
afterEach(() => {
  cleanup();
  stop();
  vi.unstubAllGlobals();
  canvasStore.setState({ panels: FIRST_LAYOUT });
  caseStore.setState({ info: null, sources: new Map(), pins: [], pinned: new Set(), jobs: [] });
  view.setState({ query: '', from: null, to: null, brush: null, selectedId: null, order: 'asc', investigationId: null, laneField: 'source' });
});

describe('events', () => {
  const rows = (): HTMLElement[] => within(screen.getByRole('grid')).getAllByRole('row').slice(1);
  const cursor = (): string => document.getElementById(screen.getByRole('grid').getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-rowindex') ?? '';
  const press = (key: string, more = {}): Promise<void> => act(async () => {
    fireEvent.keyDown(screen.getByRole('grid'), { key, ...more });
  });

  it('draws what is visible of many rows, and says how many there are', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('12001');
    expect(rows().length).toBeLessThanOrEqual(15);
    expect(screen.getByText(/complete/)).toBeTruthy();
  });
  it('follows the keyboard from the first row to the last and back', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    // Keys act on rows that are there: wait for the first page, not only for the count.
    await waitFor(() => expect(rows().length > 0 && rows().every((row) => row.getAttribute('aria-busy') !== 'true')).toBe(true));
    await press('ArrowDown');
    await waitFor(() => expect(cursor()).toBe('2'));
    await press('j');
    await press('PageDown');
    await press('k');
    await waitFor(() => expect(Number(cursor())).toBeGreaterThan(6));
    await press('End');
    await waitFor(() => expect(view.getState().selectedId).toBe(4096 + 11_999));
    await waitFor(() => expect(cursor()).toBe('12001'));
    await press('g');
    await press('g');
    await waitFor(() => expect(cursor()).toBe('2'));
    await waitFor(() => expect(view.getState().selectedId).toBe(4096));
    await press('G', { shiftKey: true });
    await waitFor(() => expect(cursor()).toBe('12001'));
  });
  it('goes to an event that was selected elsewhere, and says when it is not in the result', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    act(() => view.getState().select(4096 + 7000));
    await waitFor(() => expect(cursor()).toBe('7002'));
    act(() => view.getState().setQuery('nothing-is-like-this'));
    await screen.findByText('No event fits the filter in this range');
    expect(screen.getByText('selected event is not in this result')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
    await waitFor(() => expect(cursor()).toBe('7002'));
  });
  it('goes to the stretch that was marked on the timeline', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    const { time } = fake.state.events[9000];
    act(() => view.getState().setBrush({ from: time, to: time + 1 }));
    await waitFor(() => expect(rows()[0].getAttribute('aria-rowindex')).toBe('9002'));
  });
  it('stays where it is while events come in before what is shown', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    act(() => view.getState().select(4096 + 7000));
    await waitFor(() => expect(cursor()).toBe('7002'));
    await waitFor(() => expect(rows()[2].textContent).not.toBe(''));
    const top = rows()[2].textContent;
    const first = fake.state.events[0];
    fake.state.events.unshift(...Array.from({ length: 30 }, (_, at) => ({ ...first, id: 900_000 + at, time: first.time - 1 })));
    fake.state.version = 2;
    const info = await makeInfo();
    act(() => caseStore.setState({ info: { ...info, version: 2 } }));
    await waitFor(() => expect(cursor()).toBe('7032'));
    await waitFor(() => expect(rows()[2].textContent).toBe(top));
    expect(rows()[2].getAttribute('aria-rowindex')).not.toBe('2');
  });
  it('pins several rows at once, and undo takes them all off', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    const before = caseStore.getState().pins.length;
    await press('ArrowDown');
    await press('ArrowDown', { shiftKey: true });
    await press('ArrowDown', { shiftKey: true });
    expect(await screen.findByText('3 selected')).toBeTruthy();
    await press('p');
    await waitFor(() => expect(caseStore.getState().pins.length).toBe(before + 3));
    await act(async () => void (await undo()));
    await waitFor(() => expect(caseStore.getState().pins.length).toBe(before));
  });
  it('copies rows as text', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    await press('ArrowDown');
    await press('ArrowDown', { shiftKey: true });
    await press('c', { ctrlKey: true });
    await waitFor(() => expect(navigator.clipboard.writeText).toHaveBeenCalled());
    const [text] = vi.mocked(navigator.clipboard.writeText).mock.calls[0];
    expect(text.split('\n').length).toBe(2);
    expect(text).toContain(fake.state.events[0].message);
  });
  it('shows hostile text as text', async () => {
    await show(eventsPanel);
    await screen.findByText(/12,000 events/);
    act(() => view.getState().setQuery('script'));
    await waitFor(() => expect(screen.getAllByText(/<\/?/, { exact: false }).length).toBeGreaterThan(0));
    await waitFor(() => expect(document.querySelector('mark')?.textContent).toBe('script'));
    expect(document.querySelector('script')).toBeNull();
  });
});

async function makeInfo() {
  const info = caseStore.getState().info;
  if (!info) throw new Error('no case is open');
  return info;
}

describe('facets', () => {
  const value = (field: string, name: RegExp): HTMLElement => within(screen.getByRole('region', { name: field })).getByTitle(name);

  it('claims no count before there is an answer', async () => {
    fake = startFake();
    stop = watchCase();
    const { FieldFacet } = await import('./facets/field-facet.tsx');
    render(<MantineProvider><FieldFacet field="severity" reply={undefined} folded={false} onFold={vi.fn()} onRemove={vi.fn()} /></MantineProvider>);
    expect(screen.getByRole('region', { name: 'Severity' }).textContent).toMatch(/^Severity *Critical *High *Medium *Low *Info$/);
  });
  it('has the five severities always, and filters for, back and out', async () => {
    await show(facetsPanel);
    await screen.findByText('12,000 events');
    const severities = within(screen.getByRole('region', { name: 'Severity' })).getAllByRole('listitem').map((item) => item.textContent?.replace(/[\d.,]+ ?[kM]?.*$/, '').trim());
    expect(severities).toEqual(['Critical', 'High', 'Medium', 'Low', 'Info']);
    fireEvent.click(value('Service', /^api: /));
    expect(view.getState().query).toBe('service:api');
    await waitFor(() => expect(value('Service', /^api: /).getAttribute('aria-pressed')).toBe('true'));
    fireEvent.click(value('Service', /^api: /));
    expect(view.getState().query).toBe('');
    await waitFor(() => expect(value('Service', /^api: /).getAttribute('aria-pressed')).toBe('false'));
    fireEvent.click(value('Service', /^api: /), { altKey: true });
    expect(view.getState().query).toBe('-service:api');
  });
  it('lists the filters of the query and clears them, keeping the words', async () => {
    await show(facetsPanel);
    await screen.findByText('12,000 events');
    act(() => view.getState().setQuery('timed service:api -host:web-1'));
    const group = await screen.findByRole('group', { name: 'Active filters' });
    expect(within(group).getByText('service:api')).toBeTruthy();
    fireEvent.click(within(group).getByRole('button', { name: 'Clear filters' }));
    expect(view.getState().query).toBe('timed');
  });
});

describe('timeline', () => {
  const plot = (): HTMLElement => screen.getByRole('application');
  const at = (share: number, more = {}) => ({ clientX: 168 + share * (WIDTH - 176), clientY: 20, button: 0, pointerId: 1, ...more });
  const range = () => {
    const { from, to } = view.getState();
    return from === null || to === null ? null : to - from;
  };

  it('names the lanes with their totals and has the same as a table', async () => {
    await show(timelinePanel);
    expect(await screen.findByTitle(/^\/var\/log\/api.jsonl: 2,\d\d\d events/)).toBeTruthy();
    expect(within(screen.getByRole('grid')).getAllByRole('row').length).toBeGreaterThan(20);
  });
  it('marks a stretch by dragging; Escape in the middle marks nothing', async () => {
    await show(timelinePanel);
    await screen.findByRole('application');
    fireEvent.pointerDown(plot(), at(0.25));
    fireEvent.pointerMove(plot(), at(0.5));
    fireEvent.pointerUp(plot(), at(0.5));
    const { brush } = view.getState();
    const info = await makeInfo();
    const whole = (info.to ?? 0) + 1 - (info.from ?? 0);
    expect(((brush?.to ?? 0) - (brush?.from ?? 0)) / whole).toBeCloseTo(0.25, 2);
    expect(range()).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Zoom' }));
    expect((range() ?? 0) / whole).toBeCloseTo(0.25, 2);
    view.getState().setBrush(null);
    fireEvent.pointerDown(plot(), at(0.1));
    fireEvent.pointerMove(plot(), at(0.9));
    fireEvent.keyDown(window, { key: 'Escape' });
    fireEvent.pointerUp(plot(), at(0.9));
    expect(view.getState().brush).toBeNull();
  });
  it('zooms with the wheel at once on screen, and tells the others when it is still', async () => {
    await show(timelinePanel);
    await screen.findByRole('application');
    fireEvent.wheel(plot(), { deltaY: -300, clientX: 600 });
    fireEvent.wheel(plot(), { deltaY: -300, clientX: 600 });
    expect(range()).toBeNull();
    await waitFor(() => expect(range()).not.toBeNull());
    const info = await makeInfo();
    expect((range() ?? 0) / ((info.to ?? 0) - (info.from ?? 0))).toBeCloseTo(Math.exp(-0.96), 2);
    fireEvent.doubleClick(plot());
    expect(range()).toBeNull();
  });
  it('zooms and moves with the keyboard', async () => {
    await show(timelinePanel);
    await screen.findByRole('application');
    fireEvent.keyDown(plot(), { key: '+' });
    await waitFor(() => expect(range()).not.toBeNull());
    const { from } = view.getState();
    fireEvent.keyDown(plot(), { key: 'ArrowRight' });
    await waitFor(() => expect(view.getState().from).toBeGreaterThan(from ?? 0));
  });
  it('opens the events of a bar', async () => {
    await show(timelinePanel);
    await screen.findByRole('application');
    fireEvent.pointerDown(plot(), at(0.64));
    await act(async () => void fireEvent.pointerUp(plot(), at(0.64)));
    await waitFor(() => expect(view.getState().selectedId).not.toBeNull());
    const { selectedId, brush } = view.getState();
    const chosen = fake.state.events.find((event) => event.id === selectedId);
    expect(chosen?.source).toBe(1);
    expect(chosen?.time).toBeGreaterThanOrEqual(brush?.from ?? Infinity);
    expect(chosen?.time).toBeLessThan(brush?.to ?? 0);
  });
  it('goes through the pins by keyboard, as one stop in the tab order', async () => {
    await show(timelinePanel);
    await screen.findByRole('application');
    const { events } = fake.state;
    const far = [0, Math.floor(events.length / 2), events.length - 1].map((at) => events[at]);
    act(() => caseStore.setState({ pins: far.map((event) => ({ eventId: event.id, investigationId: 1, time: event.time })) }));
    const marks = within(await screen.findByRole('group', { name: 'Pinned events' })).getAllByRole('button');
    expect(marks.map((mark) => mark.tabIndex)).toEqual([0, -1, -1]);
    expect(marks[1].getAttribute('aria-label')).toMatch(/^Pinned event \d{4}-.*, mark 2 of 3$/);
    act(() => marks[0].focus());
    fireEvent.keyDown(marks[0], { key: 'ArrowRight' });
    expect(document.activeElement).toBe(marks[1]);
    expect(range()).toBeNull();
    fireEvent.click(marks[1]);
    expect(view.getState().selectedId).toBe(far[1].id);
    expect(marks.map((mark) => mark.tabIndex)).toEqual([-1, 0, -1]);
    fireEvent.keyDown(marks[1], { key: 'End' });
    expect(document.activeElement).toBe(marks[2]);
  });
  it('switches severities with the legend', async () => {
    await show(timelinePanel);
    const info = await screen.findByRole('button', { name: /^Info/ });
    fireEvent.click(info);
    expect(view.getState().query).toBe('-severity:info');
    fireEvent.click(screen.getByRole('button', { name: /^Critical/ }), { altKey: true });
    expect(view.getState().query).toBe('severity:critical');
  });
});

describe('detail', () => {
  it('teaches when nothing is selected', async () => {
    await show(detailPanel);
    expect(await screen.findByText('No event is selected')).toBeTruthy();
  });
  it('shows fields that can be filtered for, and the record as it was read', async () => {
    await show(detailPanel);
    act(() => view.getState().select(4096 + 3));
    const event = fake.state.events[3];
    const row = await screen.findByRole('row', { name: /^Service/ });
    fireEvent.click(within(row).getByRole('button', { name: 'Filter for service' }));
    expect(view.getState().query).toBe(`service:${event.service}`);
    fireEvent.click(within(row).getByRole('button', { name: 'Pivot on service' }));
    expect(view.getState().query).toBe(`"${event.service}"`);
    fireEvent.click(screen.getByRole('tab', { name: 'Raw' }));
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    expect(navigator.clipboard.writeText).toHaveBeenCalledWith(expect.stringContaining('"msg"'));
    fireEvent.click(screen.getByRole('tab', { name: 'Origin' }));
    expect(screen.getByText(/a3f1c2/)).toBeTruthy();
  });
  it('pins and unpins, and goes to neighbours in the file', async () => {
    await show(detailPanel);
    act(() => view.getState().select(4096 + 3));
    const pin = await screen.findByRole('button', { name: 'Pin' });
    await act(async () => void fireEvent.click(pin));
    await screen.findByRole('button', { name: 'Pinned' });
    expect(caseStore.getState().pinned.has(4096 + 3)).toBe(true);
    fireEvent.click(screen.getByRole('tab', { name: 'Context' }));
    await screen.findByText(/^Beginning of/);
    const neighbours = document.querySelectorAll<HTMLElement>('[aria-current] ~ button');
    fireEvent.click(neighbours[0]);
    expect(view.getState().selectedId).not.toBe(4096 + 3);
  });
});
