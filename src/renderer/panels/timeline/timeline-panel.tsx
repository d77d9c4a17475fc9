import { useCallback, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { Button } from '@mantine/core';
import { z } from 'zod';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { withFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useBounds } from '../../state/case.ts';
import { runCommand } from '../../state/commands.ts';
import { reportError } from '../../state/notices.ts';
import { useScope, useView, useViewStore } from '../../state/view.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { ChartView } from './chart-view.tsx';
import { LaneLabels } from './lane-labels.tsx';
import { inKnownOrder } from './lane-order.ts';
import { Overlay } from './overlay.tsx';
import { PlotMenu } from './plot-menu.tsx';
import type { PlotSpot } from './plot-menu.tsx';
import { GUTTER_PX } from '../../ui/time-axis/plot.ts';
import { pan, toTime, zoomAround } from '../../ui/time-axis/range.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { spotAt } from './severities.ts';
import { SpotTooltip } from './tooltip.tsx';
import { SummaryTable } from './summary-table.tsx';
import { Toolbar } from './toolbar.tsx';
import { useColors } from './use-colors.ts';
import { useGestures } from '../../ui/time-axis/use-gestures.ts';
import type { Pointer } from '../../ui/time-axis/use-gestures.ts';
import { useLiveRange } from '../../ui/time-axis/use-live-range.ts';
import type { LiveRange } from '../../ui/time-axis/use-live-range.ts';
import { useSize } from '../../ui/use-size.ts';
import { plotBox } from './window-option.ts';
import classes from './timeline.module.css';

const settingsSchema = z.object({ log: z.boolean(), sameScale: z.boolean(), allLanes: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { log: false, sameScale: false, allLanes: false };
const LANE_PX = 20;
const AXIS_PX = 20;
/** About a bar every three pixels; in steps, so that dragging a panel's edge does not ask at every pixel. */
const BUCKET_PX = 3;
const BUCKET_STEP = 20;

/** How many events when, from where and how grave: the shared time axis of the window. */
export function TimelinePanel({ panelKey }: PanelProps) {
  const scope = useScope();
  const laneField = useView((view) => view.laneField);
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const { ref, width, height } = useSize();
  const live = useLiveRange();
  const bounds = useBounds();
  const buckets = Math.min(4000, Math.max(BUCKET_STEP, Math.round((width - GUTTER_PX) / BUCKET_PX / BUCKET_STEP) * BUCKET_STEP));
  const fitting = Math.max(1, Math.floor((height - AXIS_PX) / LANE_PX));
  const maxLanes = settings.allLanes ? 200 : Math.min(200, fitting);
  const { data, error, stale, retry } = useAsk(
    ['events.window', scope, buckets, laneField, maxLanes],
    (signal) => engine.events.window({ scope, buckets, lanes: laneField, maxLanes }, { signal }),
    { enabled: width > 0 && height > 0 && live.visible !== null },
  );
  const order = useRef<{ field: string; known: string[] }>({ field: laneField, known: [] });
  const reply = useMemo(() => {
    if (order.current.field !== laneField) order.current = { field: laneField, known: [] };
    return data && inKnownOrder(data, order.current.known);
  }, [data, laneField]);
  return (
    <div className={classes.panel}>
      <Toolbar reply={reply} stale={stale || live.moving} range={live.visible} settings={settings} onSettings={setSettings} />
      <div className={classes.area} ref={ref}>
        {error && !data ? <ErrorState error={error} doing="Drawing the timeline" retry={retry} /> : null}
        {bounds === null && live.visible === null ? <Nothing /> : null}
        {reply && live.visible && width > 0 && !error ? <Plot reply={reply} live={live} visible={live.visible} width={width} height={height} settings={settings} /> : null}
      </div>
    </div>
  );
}

function Nothing() {
  return (
    <EmptyState title="No events in this case yet" action={<Button variant="default" size="compact-sm" onClick={() => runCommand('ingest.files')}>Add files</Button>}>
      Their density over time is drawn here as soon as the first file is being read.
    </EmptyState>
  );
}

interface PlotProps {
  reply: WindowReply;
  live: LiveRange;
  visible: Range;
  width: number;
  height: number;
  settings: Settings;
}
function Plot({ reply, live, visible, width, height, settings }: PlotProps) {
  const store = useViewStore();
  const zone = useView((view) => view.zone);
  const query = useView((view) => view.query);
  const ranged = useView((view) => view.from !== null || view.to !== null);
  const colors = useColors();
  const element = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<PlotSpot | null>(null);
  const lanes = Math.max(1, reply.lanes.length);
  const full = Math.max(height, lanes * LANE_PX * (settings.allLanes ? 1 : 0) + AXIS_PX);
  const { log, sameScale } = settings;
  const { from, to } = visible;
  const range = useMemo(() => ({ from, to }), [from, to]);
  const input = useMemo(
    () => ({ width, height: full, gutter: GUTTER_PX, colors, zone, range, log, sameScale }),
    [width, full, colors, zone, range, log, sameScale],
  );
  const plot = useMemo(() => plotBox(input), [input]);
  const laneAt = (y: number): number => Math.min(lanes - 1, Math.max(0, Math.floor(((y - plot.y) / plot.height) * lanes)));

  const open = useCallback(async (stretch: Range, lane: string | null) => {
    const { query, order, laneField, setBrush, select } = store.getState();
    setBrush({ from: stretch.from, to: stretch.to });
    const narrowed = lane === null || laneField === 'none' ? query : withFilter(query, laneField, lane, 'include');
    try {
      const page = await engine.events.page({ scope: { query: narrowed, from: stretch.from, to: stretch.to }, order, at: { rank: 0 }, limit: 1 });
      if (page.rows.id.length > 0) select(page.rows.id[0]);
    } catch (error) {
      reportError(error, 'Opening the events of the bar');
    }
  }, [store]);

  const gestures = useGestures({
    element, range, plot,
    onRange: live.move,
    onBrush: (stretch) => store.getState().setBrush(stretch),
    onHover: (time) => store.getState().setHoverTime(time),
    onClick: ({ x, y }: Pointer) => {
      const spot = spotAt(reply, laneAt(y), toTime(range, (x - plot.x) / plot.width));
      if (spot && spot.total > 0) void open(spot, spot.lane.key);
      else store.getState().setBrush(null);
    },
  });
  const keys = (event: KeyboardEvent): void => {
    const middle = (range.from + range.to) / 2;
    const far = event.shiftKey ? 0.5 : 0.1;
    const moves: Readonly<Record<string, () => Range>> = {
      '+': () => zoomAround(range, middle, 0.6), '=': () => zoomAround(range, middle, 0.6), ArrowUp: () => zoomAround(range, middle, 0.6),
      '-': () => zoomAround(range, middle, 1 / 0.6), ArrowDown: () => zoomAround(range, middle, 1 / 0.6),
      ArrowLeft: () => pan(range, -far), ArrowRight: () => pan(range, far),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    live.move(move());
  };

  const { pointer } = gestures;
  const time = pointer ? toTime(range, (pointer.x - plot.x) / plot.width) : 0;
  const spot = pointer ? spotAt(reply, laneAt(pointer.y), time) : null;
  const corner = element.current?.getBoundingClientRect();
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- role application says that it takes keys itself */}
      <div
        ref={element} className={classes.plot} style={{ height: full }} data-dragging={gestures.dragging ?? undefined} tabIndex={0} data-autofocus-panel role="application"
        aria-roledescription="timeline" aria-label="Density of events over time. Plus and minus zoom, left and right move. The table after it has the numbers."
        onKeyDown={keys} onDoubleClick={() => {
          store.getState().setBrush(null);
          store.getState().resetRange();
        }}
        onContextMenu={(event: MouseEvent<HTMLDivElement>) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
          if (x < plot.x || x > plot.x + plot.width) return;
          event.preventDefault();
          setMenu({ x: event.clientX, y: event.clientY, time: toTime(range, (x - plot.x) / plot.width) });
        }}
        {...gestures.handlers}
      >
        <ChartView reply={reply} input={input} />
        <Overlay range={range} plot={plot} draft={gestures.draft} />
        <LaneLabels reply={reply} plot={plot} />
        {reply.total === 0 && reply.complete ? <p className={classes.none}>{query === '' ? 'No events here.' : 'No event here fits the filter.'}{ranged ? ' Double click shows the whole case.' : ''}</p> : null}
        {pointer && spot && corner ? <SpotTooltip spot={spot} range={range} time={time} at={{ x: corner.left + pointer.x, y: corner.top + pointer.y }} /> : null}
      </div>
      {menu ? <PlotMenu spot={menu} range={range} onClose={() => setMenu(null)} /> : null}
      <SummaryTable reply={reply} onOpen={(slice) => void open(slice, null)} />
    </>
  );
}
