import { LANE_FIELDS } from '../../../shared/contract/events.ts';
import type { LaneField, WindowReply } from '../../../shared/contract/events.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration, formatShort } from '../../ui/numbers.ts';
import { SEVERITY_TITLES, SeverityMark } from '../../ui/severity.tsx';
import { formatRange, formatStamp } from '../../ui/time.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { onlySeverity, shownSeverities, toggleSeverity } from './severities.ts';
import classes from './timeline.module.css';

const LANE_TITLES: Readonly<Record<LaneField, string>> = { none: 'none', source: 'source', service: 'service', host: 'host', format: 'format', signal: 'signal' };

interface TimelineSettings {
  log: boolean;
  sameScale: boolean;
  allLanes: boolean;
}

interface ToolbarProps {
  reply: WindowReply | undefined;
  stale: boolean;
  range: Range | null;
  settings: TimelineSettings;
  onSettings(settings: TimelineSettings): void;
}

/** Lanes, scale and legend on the left; how far the picture is true, and what range it shows, on the right. */
export function Toolbar({ reply, stale, range, settings, onSettings }: ToolbarProps) {
  const laneField = useView((view) => view.laneField);
  const setLaneField = useView((view) => view.setLaneField);
  const zone = useView((view) => view.zone);
  return (
    <div className={classes.toolbar}>
      <label className={classes.lanesLabel}>
        Lanes
        <select className={classes.select} value={laneField} onChange={(event) => setLaneField(event.currentTarget.value as LaneField)}>
          {LANE_FIELDS.map((field) => <option key={field} value={field}>{LANE_TITLES[field]}</option>)}
        </select>
      </label>
      <button type="button" className={classes.toggle} aria-pressed={settings.log} title="Logarithmic height: small counts stay visible beside bursts" onClick={() => onSettings({ ...settings, log: !settings.log })}>Log</button>
      <button type="button" className={classes.toggle} aria-pressed={settings.sameScale} title="All lanes to one scale; otherwise each lane fills its height at its own peak" onClick={() => onSettings({ ...settings, sameScale: !settings.sameScale })}>Same scale</button>
      <Legend reply={reply} />
      <span className={classes.spacer} />
      {reply ? <Lanes reply={reply} settings={settings} onSettings={onSettings} /> : null}
      <Completeness reply={reply} stale={stale} />
      {range ? (
        <span className={classes.span} title={`${formatStamp(range.from, zone)} to ${formatStamp(range.to, zone)}`}>
          {formatRange(range.from, range.to, zone)} <span className={classes.state}>· {formatDuration(range.to - range.from)}</span>
        </span>
      ) : null}
    </div>
  );
}

function Legend({ reply }: { reply: WindowReply | undefined }) {
  const query = useView((view) => view.query);
  const setQuery = useView((view) => view.setQuery);
  const shown = shownSeverities(query);
  const totals = reply?.severities ?? null;
  // Most grave first: what the eye should find first is what it reads first.
  return (
    <div className={classes.legend} role="group" aria-label="Severities">
      {SEVERITIES.map((severity, index) => ({ severity, index })).reverse().map(({ severity, index }) => (
        <button
          key={severity} type="button" className={classes.legendItem} aria-pressed={shown.has(severity)}
          title={`${SEVERITY_TITLES[severity]}${totals ? `: ${formatCount(totals[index])} events in this range, all lanes` : ''}. Click: ${shown.has(severity) ? 'filter out' : 'show again'}. Alt+click: only this one.`}
          onClick={(event) => setQuery(event.altKey ? onlySeverity(query, severity) : toggleSeverity(query, severity))}
        >
          <SeverityMark severity={severity} label />
          {totals ? <span className={classes.legendCount}>{formatShort(totals[index])}</span> : null}
        </button>
      ))}
    </div>
  );
}

function Lanes({ reply, settings, onSettings }: { reply: WindowReply; settings: TimelineSettings; onSettings(settings: TimelineSettings): void }) {
  if (reply.more === 0 && !settings.allLanes) return null;
  const all = reply.lanes.length + reply.more;
  return (
    <button type="button" className={classes.toggle} aria-pressed={settings.allLanes} title={settings.allLanes ? 'Show only the lanes that fit' : 'Show more lanes, at most 200, and scroll'} onClick={() => onSettings({ ...settings, allLanes: !settings.allLanes })}>
      {reply.more > 0 ? `${formatCount(reply.lanes.length)} of ${formatCount(all)} lanes` : `${formatCount(all)} lanes`}
    </button>
  );
}

function Completeness({ reply, stale }: { reply: WindowReply | undefined; stale: boolean }) {
  if (reply && !reply.complete) {
    const percent = Math.floor(reply.scanned * 100);
    return <span className={classes.warn} role="status" title="These counts are of the part looked at so far and grow until the scan is through.">showing {percent} % scanned</span>;
  }
  if (reply && reply.unreadable > 0) return <span className={classes.warn} role="status" title="The case file is damaged: so many events could not be looked at and may be missing here. Check the case, and copy what can be read into a new one.">{formatCount(reply.unreadable)} not readable</span>;
  return stale ? <span className={classes.state} role="status">updating</span> : null;
}
