import { Button } from '@mantine/core';
import { z } from 'zod';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { runCommand } from '../../state/commands.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { Charts } from './charts.tsx';
import { seriesKeySchema, type SeriesKey } from '../../state/series-key.ts';
import { MOST_CHOSEN } from './groups.ts';
import { SeriesList } from './series-list.tsx';
import classes from './metrics.module.css';

const settingsSchema = z.object({ chosen: z.array(seriesKeySchema).max(MOST_CHOSEN), listed: z.boolean().default(true) });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { chosen: [], listed: true };

/** Series to choose from, and a chart for each metric name that is chosen, on the time of the investigation. */
export function MetricsPanel({ panelKey }: PanelProps) {
  const [settings, store] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const any = useAsk(['metrics.list', '', 1], (signal) => engine.metrics.list({ text: '', limit: 1 }, { signal }), { on: ['series'] });
  if (any.error && !any.data) return <ErrorState error={any.error} doing="Reading the list of series" retry={any.retry} />;
  if (!any.data) return <div aria-busy="true" />;
  if (any.data.total === 0) return <NoSeries />;
  const choose = (chosen: SeriesKey[]): void => store({ ...settings, chosen });
  return (
    <div className={classes.panel}>
      {settings.listed ? <SeriesList chosen={settings.chosen} onChoose={choose} /> : null}
      <Charts chosen={settings.chosen} listed={settings.listed} onChoose={choose} onList={(listed) => store({ ...settings, listed })} />
    </div>
  );
}

function NoSeries() {
  return (
    <EmptyState
      title="No metrics in this case yet"
      action={
        <>
          <Button variant="default" size="compact-sm" onClick={() => runCommand('ingest.files')}>Add files</Button>
          <Button variant="default" size="compact-sm" onClick={() => runCommand('source.add')}>Add a source</Button>
        </>
      }
    >
      <p>Drop a file with numbers over time in this window: Prometheus text or OpenMetrics, Influx line protocol, JSON of Datadog or of the Prometheus API, or CSV with a time and columns of numbers.</p>
      <p>A Prometheus server can be added as a source; its series then come in as they are measured.</p>
    </EmptyState>
  );
}
