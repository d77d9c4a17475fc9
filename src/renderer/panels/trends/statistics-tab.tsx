import { useState } from 'react';
import { z } from 'zod';
import { columnOf } from '../../../shared/query/names.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Groups, Tests } from './statistics-groups.tsx';
import { Relation } from './statistics-relation.tsx';
import classes from './statistics.module.css';

/** Values of the second choice that are no names of fields. */
const NOTHING = '';
const STRETCH = '\u0000stretch';

/** What is looked at: a field, what it is compared by, and what it goes with ('' = nothing; a field that is not there any more counts as that). */
export const statisticsSettingsSchema = z.object({ field: z.string().max(2000), by: z.string().max(2000), other: z.string().max(2000) });
export type StatisticsSettings = z.infer<typeof statisticsSettingsSchema>;
export const STATISTICS_DEFAULTS: StatisticsSettings = { field: '', by: NOTHING, other: '' };

/** Statistics of one field or metric of the range and query: alone, by groups, a marked stretch against the rest, or with another one. */
export function StatisticsTab({ settings, onChange }: { settings: StatisticsSettings; onChange(settings: StatisticsSettings): void }) {
  const scope = useScope();
  const brush = useView((view) => view.brush);
  const { field, by, other } = settings;
  const fields = useAsk(['statistics.fields', scope], (signal) => engine.statistics.fields({ scope }, { signal }), { on: ['sources', 'series'] });
  const names = useAsk(['events.fields'], (signal) => engine.events.fields({}, { signal }), { on: ['sources'] });
  if (fields.error && !fields.data) return <ErrorState error={fields.error} doing="Looking for numbers" retry={fields.retry} />;
  if (!fields.data) return <div className={classes.body} aria-busy="true" />;
  const numeric = fields.data;
  const chosen = numeric.some(({ name }) => name === field) ? field : (numeric[0]?.name ?? '');
  if (chosen === '') return <EmptyState title="Nothing here has numbers"><p>Statistics are of fields with numbers, such as a latency or a size, and of metrics. Widen the range or the query, or add a source that has some.</p></EmptyState>;
  const metric = chosen.startsWith('metric:');
  const groups = metric ? ['series', 'host', 'instance', 'job', 'pod', 'service'] : (names.data ?? []).map(({ name }) => name).filter((name) => name !== 'message' && name !== 'raw' && name !== chosen);
  const beside = other !== chosen && numeric.some(({ name }) => name === other) ? other : '';
  return (
    <>
      <div className={classes.bar}>
        <label className={classes.choice}>Field <select className={classes.select} value={chosen} onChange={(event) => onChange({ ...settings, field: event.currentTarget.value })}>{numeric.map(({ name, unit, share }) => <option key={name} value={name}>{name}{unit === '' ? '' : `, ${unit}`}{name.startsWith('metric:') || share >= 0.995 ? '' : `, ${Math.max(1, Math.round(share * 100))} % of events`}</option>)}</select></label>
        <label className={classes.choice}>
          Compare <select
            className={classes.select} value={beside === '' ? by : NOTHING}
            onChange={(event) => onChange({ ...settings, by: event.currentTarget.value, other: '' })}
          >
            <option value={NOTHING}>nothing</option>
            {brush || by === STRETCH ? <option value={STRETCH}>the marked stretch with the rest</option> : null}
            {groups.map((name) => <option key={name} value={name}>by {columnOf(name)?.title.toLowerCase() ?? name}</option>)}
          </select>
        </label>
        <label className={classes.choice}>Goes with <select className={classes.select} value={beside} onChange={(event) => onChange({ ...settings, other: event.currentTarget.value })}><option value="">nothing</option>{numeric.filter(({ name }) => name !== chosen).map(({ name }) => <option key={name} value={name}>{name}</option>)}</select></label>
        {brush ? <span className={classes.dim}>marked: {formatDuration(brush.to - brush.from)}</span> : <span className={classes.dim}>Mark a stretch on the timeline to compare it with the rest.</span>}
      </div>
      {beside === '' ? <Compared field={chosen} by={by === STRETCH ? '' : metric && !groups.includes(by) ? '' : by} part={by === STRETCH ? brush : null} stretch={by === STRETCH} /> : <Related y={chosen} x={beside} />}
    </>
  );
}

function Compared({ field, by, part, stretch }: { field: string; by: string; part: { from: number; to: number } | null; stretch: boolean }) {
  const scope = useScope();
  const { run, progress } = useRun();
  const [stopped, setStopped] = useState(false);
  const missing = stretch && !part;
  const { data, error, loading, outdated, stale, retry } = useAsk(['statistics.compare', scope, field, by, part], (signal) => engine.statistics.compare({ scope, field, by, part, run }, { signal }), { on: [], outdatedBy: ['sources', 'series'], enabled: !stopped && !missing });
  if (missing) return <EmptyState title="No stretch is marked"><p>Drag over the timeline to mark the time of the trouble; it is compared with the rest of the range then.</p></EmptyState>;
  if (error && !data) return <ErrorState error={error} doing="Describing the field" retry={retry} />;
  return (
    <>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={() => (stopped ? setStopped(false) : retry())}>
        <span className={classes.conclusion} title={data?.conclusion}>{data?.conclusion}</span>
      </RunBar>
      <div className={`${classes.body} ${stale ? 'stale' : ''}`} tabIndex={0} role="region" aria-label="Statistics" aria-busy={loading}>
        {data ? (
          <>
            {data.present > 0 ? <Groups reply={data} /> : null}
            <Tests reply={data} />
            <p className={classes.dim}>
              {formatCount(data.present)} values of {formatCount(data.looked)} {field.startsWith('metric:') ? 'samples' : 'events'}
              {data.looked < data.total ? `, an even share of ${formatCount(data.total)}` : ''}{data.unreadable > 0 ? `; ${formatCount(data.unreadable)} could not be read, the case file is damaged there` : ''}
            </p>
          </>
        ) : null}
      </div>
    </>
  );
}

function Related({ y, x }: { y: string; x: string }) {
  const scope = useScope();
  const { run, progress } = useRun();
  const [stopped, setStopped] = useState(false);
  const { data, error, loading, outdated, stale, retry } = useAsk(['statistics.relate', scope, y, x], (signal) => engine.statistics.relate({ scope, y, x: [x], run }, { signal }), { on: [], outdatedBy: ['sources', 'series'], enabled: !stopped });
  if (error && !data) return <ErrorState error={error} doing="Relating the fields" retry={retry} />;
  return (
    <>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={() => (stopped ? setStopped(false) : retry())}>
        <span className={classes.conclusion} title={data?.conclusion}>{data?.conclusion}</span>
      </RunBar>
      <div className={`${classes.body} ${stale ? 'stale' : ''}`} tabIndex={0} role="region" aria-label="Statistics" aria-busy={loading}>{data ? <Relation reply={data} /> : null}</div>
    </>
  );
}
