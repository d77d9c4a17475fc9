import { Button } from '@mantine/core';
import { useState } from 'react';
import type { LiveAnomalies } from '../../../shared/contract/anomalies.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { useMarks } from '../../state/findings.ts';
import { reportError } from '../../state/notices.ts';
import { useView } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { agoText, formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { formatRange, formatStamp } from '../../ui/time.ts';
import { useNow } from '../../ui/use-now.ts';
import { AnomalyPicture } from './anomaly-picture.tsx';
import type { TabProps } from './settings.ts';
import { Votes } from './votes.tsx';
import classes from './anomalies.module.css';

/** Findings that are listed. */
const LISTED = 100;
const TICK_MS = 10_000;

/** What was found while events and samples came in, the latest first. */
export function AsItCameIn({ settings, onChange }: TabProps) {
  const { quieted: showQuieted } = settings;
  const zone = useView((view) => view.zone);
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const marks = useMarks();
  const now = useNow(TICK_MS);
  const [judging, setJudging] = useState<AbortController | null>(null);
  const { data, error, retry } = useAsk(['anomalies.live', LISTED], (signal) => engine.anomalies.live({ limit: LISTED }, { signal }), { on: ['anomalies', 'findings'] });
  if (error && !data) return <ErrorState error={error} doing="Reading what came in" retry={retry} />;
  if (!data) return <div className={classes.list} aria-busy="true" />;
  const wrong = (like: string): boolean => marks.get(like)?.verdict === 'wrong';
  const quieted = data.findings.filter(({ like }) => wrong(like)).length;
  const shown = data.findings.filter(({ like }) => showQuieted || !wrong(like));
  const busy = judging !== null || data.running;
  const again = async (): Promise<void> => {
    const stop = new AbortController();
    setJudging(stop);
    try {
      await engine.anomalies.anew({}, { signal: stop.signal });
    } catch (failed) {
      reportError(failed, 'Judging again');
    }
    setJudging(null);
  };
  const tell = (notice: boolean): void => void engine.anomalies.setNotice({ notice }).catch((failed: unknown) => reportError(failed, 'Switching the notice'));
  return (
    <>
      <div className={classes.standing}>
        <span className={classes.judged} role="status">{busy ? 'Judging' : data.error !== '' ? data.error : data.judged ? `Judged ${formatRange(data.judged.from, data.judged.to, zone)}` : ''}</span>
        {readOnly ? null : <label className={classes.check} title="A notice in the window for each that is found while events come in over a connection"><input type="checkbox" checked={data.notice} onChange={(event) => tell(event.currentTarget.checked)} />Tell me</label>}
        <label className={classes.check}><input type="checkbox" checked={showQuieted} onChange={(event) => onChange({ quieted: event.currentTarget.checked })} />Marked wrong too{quieted > 0 ? ` (${formatCount(quieted)})` : ''}</label>
        {readOnly ? null : judging !== null ? <Button size="compact-xs" variant="default" onClick={() => judging.abort()}>Stop</Button> : (
          <Button size="compact-xs" variant="default" disabled={busy} title="Judges all there is from the start, with what came late" onClick={() => void again()}>Judge again</Button>
        )}
      </div>
      <div className={classes.list} tabIndex={0} role="region" aria-label="What came in that is out of the ordinary" aria-busy={busy}>
        <p className={classes.looked}>{aboutOf(data)}</p>
        {shown.length === 0 ? (
          <EmptyState title={quieted > 0 ? 'Everything found was marked wrong' : data.judged ? 'Nothing out of the ordinary came in' : 'Nothing was judged yet'}>
            <p>{quieted > 0 ? 'Tick "Marked wrong too" to see it.' : 'Detectors need some fifty minutes of a series before they say anything. What is odd over a range is told under "In this range".'}</p>
          </EmptyState>
        ) : null}
        {shown.map((finding) => (
          <FindingCard key={finding.key} finding={finding}>
            <p className={classes.found} title={formatStamp(finding.foundAt, zone)}>Found {agoText(finding.foundAt, now)}</p>
            {finding.chart ? <AnomalyPicture chart={finding.chart} title={finding.title} /> : null}
            <Votes votes={finding.votes} detectors={data.detectors} />
          </FindingCard>
        ))}
        {data.total > LISTED ? <p className={classes.looked}>The latest {formatCount(LISTED)} of {formatCount(data.total)}.</p> : null}
      </div>
    </>
  );
}

function aboutOf({ late, passedOver }: LiveAnomalies): string {
  const parts = ['Events, errors and latency of services, and metrics: each minute is judged once, by those before it alone, two minutes after it.'];
  if (late > 0) parts.push(`${formatCount(late)} ${late === 1 ? 'event or sample' : 'events and samples'} came for minutes that had been judged; "Judge again" takes them in.`);
  if (passedOver > 0) parts.push(`${formatCount(passedOver)} more services and metrics are not followed.`);
  return parts.join(' ');
}
