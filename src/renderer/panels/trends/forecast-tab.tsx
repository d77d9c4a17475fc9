import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { MOST_HORIZON, MOST_TREND_STEPS, type TrendSubject } from '../../../shared/contract/trends.ts';
import { measureOf } from '../../../shared/measure.ts';
import { formatDuration } from '../../../shared/numbers.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useBounds } from '../../state/case.ts';
import { runCommand } from '../../state/commands.ts';
import { keyText, wordsFor, type SeriesKey } from '../../state/series-key.ts';
import { useScope } from '../../state/view.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { ForecastChart } from './forecast-chart.tsx';
import { LookBack } from './look-back.tsx';
import { NumberField } from './number-field.tsx';
import type { ForecastSettings } from './settings.ts';
import { SubjectPicker } from './subject-picker.tsx';
import classes from './trends.module.css';

/** Steps to choose from, in seconds. */
const STEPS = [10, 30, 60, 300, 900, 1800, 3600, 21_600, 86_400, 604_800];
/** Series with the same words in their names; more are not looked through to find the chosen one. */
const CANDIDATES = 200;

interface ForecastTabProps {
  settings: ForecastSettings;
  onChange(settings: ForecastSettings): void;
}
/** One series and how it goes on. */
export function ForecastTab({ settings, onChange }: ForecastTabProps) {
  const { step, horizon, season, method, limit } = settings;
  const change = (edit: Partial<ForecastSettings>): void => onChange({ ...settings, ...edit });
  const whole = (most: number) => (text: string): number | null => (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null);
  return (
    <>
      <div className={classes.tools} role="group" aria-label="What is forecast, and how">
        <SubjectPicker subject={settings.subject} onChoose={(subject) => change({ subject, method: '', limit: null })} />
        <label className={classes.field}>
          <span>Step</span>
          <select className={classes.select} value={step ?? ''} onChange={(event) => change({ step: event.currentTarget.value === '' ? null : Number(event.currentTarget.value) })}>
            <option value="">auto</option>
            {STEPS.map((seconds) => <option key={seconds} value={seconds * 1e6}>{formatDuration(seconds * 1e6)}</option>)}
          </select>
        </label>
        <NumberField label="Horizon" usual="auto" title="Steps ahead" value={horizon} read={whole(MOST_HORIZON)} onChange={(next) => change({ horizon: next })} />
        <NumberField label="Season" usual="auto" title="Steps of one season; 1 = it has none" value={season} read={whole(MOST_TREND_STEPS)} onChange={(next) => change({ season: next })} />
        <NumberField
          label="Limit" usual="none" title="What it should not go beyond, in the unit of the source" value={limit}
          read={(text) => (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null)} onChange={(next) => change({ limit: next })}
        />
        {method === '' ? null : <button type="button" className={classes.action} onClick={() => change({ method: '' })}>Back to the combination</button>}
      </div>
      <Subject settings={settings} onMethod={(next) => change({ method: next })} />
    </>
  );
}

type Seen = Pick<Outcome, 'settings' | 'onMethod'>;

function Subject({ settings, onMethod }: Seen) {
  const bounds = useBounds();
  const { subject } = settings;
  const key = subject.of === 'metric' ? subject.key : null;
  const row = useAsk(['trends.metric', key && keyText(key)], async (signal) => await idOf(key, signal), { on: ['series'], enabled: key !== null, keep: false });
  if (subject.of === 'events') return bounds ? <Forecasts subject={subject} settings={settings} onMethod={onMethod} /> : <NoEvents />;
  if (key === null) return <EmptyState title="Choose a metric"><p>Type words of its name or labels in the field above, then choose it: what is measured of a resource (memory, disk, queue) shows best when it will be used up.</p></EmptyState>;
  if (row.error) return <ErrorState error={row.error} doing="Finding the metric" retry={row.retry} />;
  if (row.data === undefined) return <div aria-busy="true" />;
  if (row.data === null) return <EmptyState title="This metric is not in the case any more"><p>Its source was removed or read again under another name. Choose another one above.</p></EmptyState>;
  return <Forecasts subject={{ of: 'metric', id: row.data }} settings={settings} onMethod={onMethod} />;
}

async function idOf(key: SeriesKey | null, signal: AbortSignal): Promise<number | null> {
  if (key === null) return null;
  const { rows } = await engine.metrics.list({ text: wordsFor(key), limit: CANDIDATES }, { signal });
  return rows.find((each) => keyText(each) === keyText(key))?.id ?? null;
}

function NoEvents() {
  return (
    <EmptyState title="No events in this case yet" action={<Button variant="default" size="compact-sm" onClick={() => runCommand('ingest.files')}>Add files</Button>}>
      <p>A forecast needs a history: logs of some hours make counts by minute, metrics of a day show their season. For a case of metrics alone choose Metric above.</p>
    </EmptyState>
  );
}

interface Outcome {
  subject: TrendSubject;
  settings: ForecastSettings;
  onMethod(method: string): void;
}
function Forecasts({ subject, settings: { step, horizon, season, method, limit }, onMethod }: Outcome) {
  const scope = useScope();
  const { run, progress } = useRun();
  const [stopped, setStopped] = useState(false);
  const asked = { subject, scope, step, horizon, season, method, limit };
  // Not asked again with every event that comes in: the question is a long one.
  const { data, error, loading, outdated, stale, retry } = useAsk(['trends.forecast', asked], (signal) => engine.trends.forecast({ ...asked, run }, { signal }), { on: [], outdatedBy: ['sources', 'series'], enabled: !stopped });
  const measure = useMemo(() => (data ? measureOf(data.measured) : null), [data]);
  const again = (): void => {
    if (stopped) setStopped(false);
    else retry();
  };
  if (error && !data) return <ErrorState error={error} doing="Forecasting" retry={retry} />;
  return (
    <>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={again}>
        <span className={classes.dim}>{subject.of === 'events' ? 'Counts what the query bar and the range let through' : 'Within the range'}{data ? `; ends where the ${scope.to === null ? (subject.of === 'events' ? 'case' : 'series') : 'range'} ends` : ''}</span>
      </RunBar>
      {data && measure ? (
        data.values.every((value) => Number.isNaN(value) || (value === 0 && data.measured.kind === 'gauge' && subject.of === 'events')) ? (
          <EmptyState title="Nothing to forecast in this range"><p>{subject.of === 'events' ? 'No event of this filter lies in the range. Widen the range (Shift+z) or change the query.' : 'The metric has no values in the range. Widen the range (Shift+z).'}</p></EmptyState>
        ) : (
          <div className={classes.split} aria-busy={loading}>
            <LookBack reply={data} measure={measure} stale={stale} onMethod={onMethod} />
            <ForecastChart reply={data} measure={measure} stale={stale} />
          </div>
        )
      ) : (
        <div className={classes.split} aria-busy="true" />
      )}
    </>
  );
}
