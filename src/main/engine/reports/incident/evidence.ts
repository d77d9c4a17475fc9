/** The part of the report that is about events: charts and the timeline of pins. */
import { exactSpan } from '../../../../shared/clock.ts';
import { formatOffset, formatTime } from '../../../../shared/time.ts';
import { flagWords } from '../export/cells.ts';
import { html, type Content, type Html } from '../lib/html.ts';
import { markdown } from '../lib/markdown.ts';
import { bytes, duration, number, plural } from '../lib/words.ts';
import { countTable, densityChart, SEVERITY_TITLES, severityMark } from './charts.ts';
import type { IncidentReport, ReportEvent, ReportPin } from './data.ts';

/** What has no more text than this stays on one page. */
export const SHORT = 1500;
/** A message longer than this goes on in the record below it. */
const MAX_MESSAGE = 400;

/** "2026-11-21 15:02:33.123456 +01:00", or with UTC. The zone's name is said once, on the title page. */
export function stamp(time: number | null, zone: string, precision: 'second' | 'us' = 'second'): string {
  if (time === null || !Number.isFinite(time)) return 'unknown';
  return `${formatTime(time, zone, precision)} ${zone === 'UTC' ? 'UTC' : formatOffset(time, zone)}`;
}

export function activitySection({ activity, pins, case: info }: IncidentReport, zone: string): Html {
  if (!activity) return html`<h2>Activity</h2><p>The case holds no event with a believable time.</p>`;
  const { from, to, step, total, services, servicesLeftOut } = activity;
  const others = total - services.reduce((sum, { count }) => sum + count, 0);
  const rows = [
    ...services.map(({ value, count }): { label: Html | string; count: number } => ({ label: value === '' ? html`<span class="dim">names no service</span>` : value, count })),
    ...(servicesLeftOut > 0 ? [{ label: html`<span class="dim">${plural(servicesLeftOut, 'other service')}</span>`, count: others }] : []),
  ];
  return html`<h2>Activity</h2>
<p class="lead">${plural(total, 'event')} of the ${number(info.events)} in the case lie between ${stamp(from, zone)} and ${stamp(to, zone)} (${duration(to - from)})${pins.some(({ event }) => event) ? ', the stretch of the pinned events with a margin' : ', the whole case'}. One bar is ${duration(step)}; each row has its own scale, its total, share and highest bar on the right. Lines from above are the pinned events, by number.</p>
<div class="together">${densityChart(activity, pins, zone)}</div>
${rows.length === 0 ? null : countTable('Service', rows, total)}`;
}

export function timelineSection({ pins, pinsLeftOut }: IncidentReport, zone: string): Html {
  return html`<h2>Timeline of pinned events</h2>
${pins.length === 0 ? html`<p>No event is pinned.</p>` : html`<p>${plural(pins.length, 'event')} in the order of time${zone === 'UTC' ? ', in UTC' : `, in the time of ${zone} and in UTC`}. Records are shown as they were read; characters that would act on a screen stand as marks such as <span class="mark">ESC[31m</span>.</p>`}
${pins.map((pin) => pinned(pin, zone))}
${pinsLeftOut > 0 ? html`<p class="doubt">${plural(pinsLeftOut, 'later pin')} not shown here; the case holds them.</p>` : null}`;
}

function pinned({ number: ordinal, eventId, event, note, pinnedAt, pinnedBy }: ReportPin, zone: string): Html {
  const said = note === '' ? null : html`<div class="said written"><p class="by">Note</p>${markdown(note)}</div>`;
  const by = html`pinned by ${pinnedBy}, ${stamp(pinnedAt, zone)}`;
  if (!event) return html`<section class="pinned whole"><header><span class="ordinal">${ordinal}</span><span>Event ${eventId} is not in the case any more.</span><span></span></header><div class="body">${said}<p class="origin">${by}</p></div></section>`;
  const short = event.raw.length + event.message.length + note.length <= SHORT;
  return html`<section class="pinned${short ? ' whole' : ''}">
<header><span class="ordinal">${ordinal}</span><span class="moment">${stamp(event.time, zone, 'us')}${zone === 'UTC' ? null : html` <span class="dim">= ${stamp(event.time, 'UTC', 'us')}</span>`}</span><span class="who">${severityMark(event.severity)}${SEVERITY_TITLES[event.severity]}</span></header>
<div class="body">${placed(event, zone)}${saidByRecord(event)}${said}
<pre>${event.raw}</pre>
${event.rawLeftOut > 0 ? html`<p class="doubt">${bytes(event.rawLeftOut)} of this record are left out here; the case holds all of it.</p>` : null}
${origin(eventId, event, by)}</div></section>`;
}

function placed({ service, host, level, timeText, clock, flags }: ReportEvent, zone: string): Html | null {
  const parts: Content[] = [];
  if (service !== '') parts.push(html`service <strong>${service}</strong>`);
  if (host !== '') parts.push(html`host <strong>${host}</strong>`);
  if (level !== '') parts.push(html`level ${level}`);
  if (timeText !== '') parts.push(html`time as written ${timeText}`);
  if (clock) parts.push(html`clock of the source corrected, it said ${stamp(clock.original, zone, 'us')}${clock.uncertainty === 0 ? '' : `; right within ${exactSpan(clock.uncertainty)}`}`);
  if (flags !== 0) parts.push(html`<strong>${flagWords(flags)}</strong>`);
  return parts.length === 0 ? null : html`<p>${joined(parts)}</p>`;
}
/** The message, unless the record is a line of text that has it in it: twice the same is no evidence. */
function saidByRecord({ message, raw }: ReportEvent): Html | null {
  const head = message.trim().slice(0, MAX_MESSAGE);
  if (head === '' || (!/^\s*[{<[]/.test(raw) && raw.includes(head))) return null;
  return html`<p class="typed">${head}${message.trim().length > head.length ? '…' : ''}</p>`;
}
function origin(eventId: number, { provenance }: ReportEvent, by: Html): Html {
  const { path, format, offset, length, sha256 } = provenance;
  return html`<p class="origin">${path}, bytes ${number(offset)} to ${number(offset + length - 1)} (${plural(length, 'byte')}), read as ${format}${sha256 === '' ? ', not hashed' : html`, SHA-256 <span class="mono">${sha256.slice(0, 16)}…</span>`}; event ${eventId}; ${by}</p>`;
}
function joined(parts: readonly Content[]): Content[] {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [' · ', part]));
}
