// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobStatus } from '../../shared/contract/ingest.ts';
import { stubBrowser } from '../../../test/support/fake-client.ts';
import { caseStore } from '../state/case.ts';
import { RunBar } from './run-bar.tsx';

const job = (state: JobStatus['state']): JobStatus => ({ job: 1, state }) as JobStatus;
const again = vi.fn();
const bar = (outdated: boolean, loading = false) => <MantineProvider><RunBar loading={loading} progress={null} stopped={false} outdated={outdated} onStop={vi.fn()} onAgain={again} /></MantineProvider>;

beforeEach(() => stubBrowser());
afterEach(() => {
  cleanup();
  again.mockReset();
  caseStore.setState({ jobs: [] });
  vi.unstubAllGlobals();
});

describe('what was found before all was there', () => {
  it('is looked for again, once, when the files are read', () => {
    caseStore.setState({ jobs: [job('running')] });
    const { rerender } = render(bar(true));
    expect(screen.getByRole('status').textContent).toBe('Files are being read: looks again after that');
    expect(again).not.toHaveBeenCalled();
    act(() => caseStore.setState({ jobs: [job('done')] }));
    expect(again).toHaveBeenCalledTimes(1);
    rerender(bar(false, true));
    rerender(bar(true));
    expect(again).toHaveBeenCalledTimes(1);
  });
  it('waits for the answer that is on its way', () => {
    caseStore.setState({ jobs: [job('running')] });
    const { rerender } = render(bar(true, true));
    act(() => caseStore.setState({ jobs: [job('done')] }));
    expect(again).not.toHaveBeenCalled();
    rerender(bar(true));
    expect(again).toHaveBeenCalledTimes(1);
  });
  it('is only told where what comes in never ends', () => {
    render(bar(true));
    expect(screen.getByRole('status').textContent).toBe('More came in since');
    expect(again).not.toHaveBeenCalled();
  });
});
