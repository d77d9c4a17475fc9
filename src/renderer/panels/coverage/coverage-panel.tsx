import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { runCommand } from '../../state/commands.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { useLiveRange } from '../../ui/time-axis/use-live-range.ts';
import { useSize } from '../../ui/use-size.ts';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { columnsOf } from './columns.ts';
import { CoverageGrid } from './coverage-grid.tsx';
import { CoverageToolbar } from './coverage-toolbar.tsx';
import { ORDERS, shownRows } from './rows.ts';
import classes from './coverage.module.css';

const settingsSchema = z.object({ order: z.enum(ORDERS) });
const DEFAULTS = { order: 'first' as const };
/** About a block every three pixels; in steps, so that dragging an edge does not ask at every pixel. */
const BUCKET_PX = 3;
const BUCKET_STEP = 20;

/** From when to when each source goes and where it is silent, on the time axis of the investigation. */
export function CoveragePanel({ panelKey }: PanelProps) {
  const [{ order }, store] = usePanelSettings<z.infer<typeof settingsSchema>>(panelKey, settingsSchema, DEFAULTS);
  const [text, setText] = useState('');
  const { ref, width, height } = useSize();
  const live = useLiveRange();
  const sources = useCase((state) => state.sources.size);
  const { from, to } = live.visible ?? { from: null, to: null };
  const buckets = Math.min(1000, Math.max(BUCKET_STEP, Math.round(columnsOf(width).plot / BUCKET_PX / BUCKET_STEP) * BUCKET_STEP));
  const settled = live.moving ? null : live.visible;
  const { data, error, stale, retry } = useAsk(
    ['coverage.get', settled?.from ?? null, settled?.to ?? null, buckets],
    (signal) => engine.coverage.get({ from, to, buckets }, { signal }),
    { enabled: width > 0 && sources > 0 && !live.moving, on: ['events', 'series', 'sources'] },
  );
  const rows = useMemo(() => (data ? shownRows(data.sources, text, order) : []), [data, text, order]);
  if (sources === 0) return <Nothing />;
  return (
    <div className={classes.panel}>
      <CoverageToolbar reply={data} shown={rows.length} stale={stale || live.moving} text={text} onText={setText} order={order} onOrder={(next) => store({ order: next })} />
      <div className={classes.area} ref={ref}>
        {error && !data ? <ErrorState error={error} doing="Looking at the coverage" retry={retry} /> : null}
        {data && live.visible && width > 0 ? <CoverageGrid reply={data} rows={rows} list={`${order} ${text}`} live={live} visible={live.visible} width={width} height={height} /> : null}
        {data && !live.visible ? <EmptyState title="No source has a time yet">Their presence is drawn here as soon as the first event is stored.</EmptyState> : null}
      </div>
    </div>
  );
}

function Nothing() {
  return (
    <EmptyState
      title="No source in this case yet"
      action={
        <>
          <Button variant="default" size="compact-sm" onClick={() => runCommand('ingest.files')}>Add files</Button>
          <Button variant="default" size="compact-sm" onClick={() => runCommand('source.add')}>Add a source</Button>
        </>
      }
    >
      <p>Each source gets a row on the time axis: where it has events, where it is silent for much longer than it usually is, and whether it stopped before the others.</p>
    </EmptyState>
  );
}
