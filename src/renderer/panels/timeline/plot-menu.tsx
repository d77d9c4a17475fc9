import { Menu } from '@mantine/core';
import { useCase } from '../../state/case.ts';
import { typeEvent } from '../../state/typed-acts.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { formatTime, precisionFor } from '../../ui/time.ts';
import type { Range } from '../../ui/time-axis/range.ts';

/** Half of what 'around it' shows, as a share of the range. */
const AROUND = 0.05;

export interface PlotSpot {
  /** pixels of the window */
  x: number;
  y: number;
  /** microseconds UTC */
  time: number;
}

/** What can be done at a moment on the plot: the menu of the right button. */
export function PlotMenu({ spot, range, onClose }: { spot: PlotSpot; range: Range; onClose: () => void }) {
  const zone = useView((view) => view.zone);
  const store = useViewStore();
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const precision = precisionFor(range.to - range.from);
  // As exact as the zoom can mean it.
  const unit = { year: 60e6, month: 60e6, day: 60e6, hour: 60e6, minute: 60e6, second: 1e6, ms: 1e3, us: 1 }[precision];
  const time = Math.round(spot.time / unit) * unit;
  const half = (range.to - range.from) * AROUND;
  return (
    <Menu opened onChange={onClose} position="bottom-start" offset={0} shadow="none" withinPortal>
      <Menu.Target><span aria-hidden="true" style={{ position: 'fixed', left: spot.x, top: spot.y, width: 0, height: 0 }} /></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={readOnly} onClick={() => typeEvent(time)}>Type an event in at {formatTime(time, zone, unit >= 60e6 ? 'minute' : precision)}</Menu.Item>
        <Menu.Item onClick={() => store.getState().setRange(Math.round(spot.time - half), Math.round(spot.time + half))}>Zoom to around here</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
