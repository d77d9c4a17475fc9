// @vitest-environment jsdom
import { act, cleanup, fireEvent, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { useScroller } from './use-scroller.ts';
import type { Scroller } from './use-scroller.ts';

let scroller: Scroller;
function List({ total, shown = true }: { total: number; shown?: boolean }) {
  scroller = useScroller({ total, rowHeight: 24, viewport: 480 });
  return shown ? <div ref={scroller.attach} data-testid="list" onScroll={scroller.onScroll} /> : null;
}
const wheel = (element: HTMLElement, deltaY: number): Promise<boolean> => act(async () => fireEvent.wheel(element, { deltaY }));

afterEach(cleanup);

describe('useScroller', () => {
  it('steps exact rows with the wheel over ten million rows, also after the list was away', async () => {
    const view = render(<List total={10_000_000} />);
    act(() => scroller.to(5_000_000));
    await wheel(view.getByTestId('list'), 24);
    expect(scroller.top).toBe(5_000_001);
    view.rerender(<List total={10_000_000} shown={false} />);
    view.rerender(<List total={10_000_000} />);
    expect(await wheel(view.getByTestId('list'), -72)).toBe(false);
    expect(scroller.top).toBe(4_999_998);
  });
  it('leaves short lists to the browser', async () => {
    const view = render(<List total={1000} />);
    expect(await wheel(view.getByTestId('list'), 24)).toBe(true);
  });
  it('follows the bar, but not the echo of what it set itself', async () => {
    const view = render(<List total={10_000_000} />);
    const list = view.getByTestId('list');
    act(() => scroller.to(1_234_567));
    await act(async () => void fireEvent.scroll(list));
    expect(scroller.top).toBe(1_234_567);
    list.scrollTop = 4_000_000;
    await act(async () => void fireEvent.scroll(list));
    expect(scroller.top).toBeGreaterThan(4_999_000);
    expect(scroller.top).toBeLessThan(5_001_000);
  });
  it('keeps its place while the next answer is not there, and the last row in view when there are fewer', async () => {
    const view = render(<List total={1000} />);
    act(() => scroller.to(500));
    view.rerender(<List total={0} />);
    view.rerender(<List total={900} />);
    expect(scroller.top).toBe(500);
    view.rerender(<List total={100} />);
    expect(scroller.visible.to).toBe(100);
    expect(scroller.top).toBe(80);
  });
});
