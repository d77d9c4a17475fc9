// @vitest-environment jsdom
/** Statistics on the engine in memory: a person chooses a field, compares, relates, and opens the events of a group. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../../test/support/fake-client.ts';
import type { Fake } from '../../../../test/support/fake-engine.ts';
import { START } from '../../../../test/support/fake/events.ts';
import { askCache } from '../../client/ask-cache.ts';
import { view } from '../../state/view.ts';
import { STATISTICS_DEFAULTS, StatisticsTab } from './statistics-tab.tsx';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

let fake: Fake;
function Held() {
  const [settings, setSettings] = useState(STATISTICS_DEFAULTS);
  return <StatisticsTab settings={settings} onChange={setSettings} />;
}
function show(): void {
  fake = startFake('case');
  render(<MantineProvider><Held /></MantineProvider>);
}
const choose = async (label: string, value: string): Promise<void> => void fireEvent.change(await screen.findByLabelText(label), { target: { value } });
const asked = (name: string): unknown[] => fake.state.calls.filter(({ call }) => call === `statistics.${name}`).map(({ input }) => input);

beforeEach(() => {
  stubBrowser({ width: 1168, height: 400 });
  askCache.clear();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  view.setState({ query: '', from: null, to: null, brush: null });
});

describe('statistics', () => {
  it('describes the first field there is, without a test', async () => {
    show();
    expect(await screen.findByText('Half of 400 values are 60 ms or less, one in twenty is more than 180 ms.')).toBeTruthy();
    expect(screen.getByRole('img', { name: /^all: half between 42 and 84, median 60, mean 72/ })).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Tests' })).toBeNull();
  });

  it('compares groups, with the test, its reasons and what has to hold, and opens the events of one', async () => {
    show();
    await choose('Compare', 'service');
    expect(await screen.findByText(/^Hardly chance/)).toBeTruthy();
    expect(screen.getByText('Mann-Whitney U test')).toBeTruthy();
    expect(screen.getByText(/Ranks are compared, not means/)).toBeTruthy();
    expect(screen.getByText(/Events close in time often do/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'payment' }));
    expect(view.getState().query).toBe('service:payment');
  });

  it('compares the marked stretch with the rest', async () => {
    view.setState({ brush: { from: START, to: START + 60e6 } });
    show();
    await choose('Compare', '\u0000stretch');
    await screen.findByText('selection');
    expect(asked('compare').at(-1)).toMatchObject({ by: '', part: { from: START, to: START + 60e6 } });
    view.setState({ brush: null });
    expect(await screen.findByText('No stretch is marked')).toBeTruthy();
  });

  it('says what goes with what', async () => {
    show();
    await choose('Goes with', 'status');
    expect(await screen.findByText(/latency_ms and status closely go together/)).toBeTruthy();
    expect(screen.getByRole('img', { name: 'latency_ms against status: 40 pairs' })).toBeTruthy();
    expect(screen.getByText(/Going together is no cause/)).toBeTruthy();
    expect(asked('relate')).toHaveLength(1);
    await choose('Goes with', '');
    await waitFor(() => expect(screen.queryByText(/Going together is no cause/)).toBeNull());
  });
});
