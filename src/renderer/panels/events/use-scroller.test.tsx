// @vitest-environment jsdom
import { act, cleanup, fireEvent, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useScroller } from './use-scroller.ts';
import type { Scroller } from './use-scroller.ts';

const seen = vi.fn<(scroller: Scroller) => void>();
function List({ total, shown = true }: { total: number; shown?: boolean }) {
  const scroller = useScroller({ total, rowHeight: 24, viewport: 480 });
  seen(scroller);
  return shown ? <div ref={scroller.attach} data-testid="list" onScroll={scroller.onScroll} /> : null;
}
/** as it was last drawn */
const now = (): Scroller => {
  const last = seen.mock.lastCall?.[0];
  if (!last) throw new Error('nothing was drawn');
  return last;
};
const wheel = (element: HTMLElement, deltaY: number): Promise<boolean> => act(async () => fireEvent.wheel(element, { deltaY }));

afterEach(cleanup);

describe('useScroller', () => {
  it('steps exact rows with the wheel over ten million rows, also after the list was away', async () => {
    const view = render(<List total={10_000_000} />);
    act(() => now().to(5_000_000));
    await wheel(view.getByTestId('list'), 24);
    expect(now().top).toBe(5_000_001);
    view.rerender(<List total={10_000_000} shown={false} />);
    view.rerender(<List total={10_000_000} />);
    expect(await wheel(view.getByTestId('list'), -72)).toBe(false);
    expect(now().top).toBe(4_999_998);
  });
  it('leaves short lists to the browser', async () => {
    const view = render(<List total={1000} />);
    expect(await wheel(view.getByTestId('list'), 24)).toBe(true);
  });
  it('follows the bar, but not the echo of what it set itself', async () => {
    const view = render(<List total={10_000_000} />);
    const list = view.getByTestId('list');
    act(() => now().to(1_234_567));
    await act(async () => void fireEvent.scroll(list));
    expect(now().top).toBe(1_234_567);
    list.scrollTop = 4_000_000;
    await act(async () => void fireEvent.scroll(list));
    expect(now().top).toBeGreaterThan(4_999_000);
    expect(now().top).toBeLessThan(5_001_000);
  });
  it('keeps its place while the next answer is not there, and the last row in view when there are fewer', async () => {
    const view = render(<List total={1000} />);
    act(() => now().to(500));
    view.rerender(<List total={0} />);
    view.rerender(<List total={900} />);
    expect(now().top).toBe(500);
    view.rerender(<List total={100} />);
    expect(now().visible.to).toBe(100);
    expect(now().top).toBe(80);
  });
});
