/** The report's drawings: inline SVG, no colour needed to read them. Sizes in CSS pixels of a page 178 mm wide. */
import { SEVERITIES, type Severity } from '../../../../shared/event.ts';
import { Html, html, plain } from '../lib/html.ts';
import { timeTicks } from '../lib/time-axis.ts';
import { number, share } from '../lib/words.ts';
import type { Activity, ReportPin } from './data.ts';

export const SEVERITY_TITLES: Readonly<Record<Severity, string>> = { info: 'Info', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' };
const COLORS: Readonly<Record<Severity, string>> = { info: '#7f8da0', low: '#3a7cc9', medium: '#b58600', high: '#dc5a06', critical: '#a00f3f' };

/** A bar whose height says the severity, so that it is told without colour; the word stands beside it. */
export function severityMark(severity: Severity): Html {
  const height = (SEVERITIES.indexOf(severity) + 1) * 2 + 1;
  return html`<svg class="severity" width="6" height="11" viewBox="0 0 6 11" aria-hidden="true"><rect x="0.5" y="0.5" width="5" height="10" fill="none" stroke="#b4bfc6" stroke-width="0.5"/><rect x="0.5" y="${11 - height}" width="5" height="${height - 0.5}" fill="${COLORS[severity]}"/></svg>`;
}

const WIDTH = 672;
const LEFT = 58;
const RIGHT = 96;
const ROW = 27;
const BAR = 21;
const PIN_STRIP = 16;
const PLOT = WIDTH - LEFT - RIGHT;
/** Numbers of pins nearer than this would lie on each other. */
const PIN_GAP = 18;
/** More lines than this across the chart would hide it: then a pin is a tick above. */
const MAX_LINES = 24;

/** One row a severity over time, each to its own scale: a handful of critical events shows beside a million of info. */
export function densityChart({ from, to, counts }: Activity, pins: readonly ReportPin[], zone: string): Html {
  const x = (time: number): number => round(LEFT + ((time - from) / (to - from)) * PLOT);
  const rows = SEVERITIES.map((severity, code) => ({ severity, code })).reverse();
  const bottom = PIN_STRIP + rows.length * ROW;
  const width = PLOT / counts.length;
  const all = counts.reduce((sum, bucket) => sum + bucket.reduce((a, b) => a + b, 0), 0);
  const bars = rows.map(({ severity, code }, row) => {
    const base = PIN_STRIP + (row + 1) * ROW;
    const values = counts.map((bucket) => bucket[code]);
    const total = values.reduce((a, b) => a + b, 0);
    const peak = values.reduce((a, b) => Math.max(a, b), 0);
    const path = values
      .map((value, i) => {
        if (value === 0) return '';
        // Anything at all is seen.
        const height = Math.max(1.2, (value / peak) * BAR);
        return `M${round(LEFT + i * width)} ${base}v${-round(height)}h${round(width * 0.86)}V${base}z`;
      })
      .join('');
    return html`<text x="${LEFT - 6}" y="${base - 3}" text-anchor="end">${SEVERITY_TITLES[severity]}</text>
<line x1="${LEFT}" y1="${base}" x2="${LEFT + PLOT}" y2="${base}" stroke="#b4bfc6" stroke-width="0.6"/>
<path d="${path}" fill="${COLORS[severity]}"/>
<text x="${LEFT + PLOT + 6}" y="${base - 12}">${number(total)}${total === 0 ? '' : html`<tspan class="faint">, ${share(total, all)}</tspan>`}</text><text x="${LEFT + PLOT + 6}" y="${base - 3}" class="faint">${total === 0 ? '' : `peak ${number(peak)}`}</text>`;
  });
  const ticks = timeTicks(from, to, zone, 6).map(({ time, label }) => html`<line x1="${x(time)}" y1="${bottom}" x2="${x(time)}" y2="${bottom + 4}" stroke="#55616b" stroke-width="0.6"/><text x="${x(time)}" y="${bottom + 14}" text-anchor="middle">${plain(label)}</text>`);
  return html`<svg class="chart" width="${WIDTH}" height="${bottom + 18}" viewBox="0 0 ${WIDTH} ${bottom + 18}" role="img" aria-label="Events over time by severity">
${pinMarks(pins, x, from, to, bottom)}${bars}${ticks}</svg>`;
}

function pinMarks(pins: readonly ReportPin[], x: (time: number) => number, from: number, to: number, bottom: number): Html[] {
  const dash = new Html(pins.length > MAX_LINES ? '' : ' stroke-dasharray="2 2"');
  let lastLabel = Number.NEGATIVE_INFINITY;
  let lastLine = Number.NEGATIVE_INFINITY;
  return pins.flatMap(({ number: pin, event }) => {
    if (!event || event.time < from || event.time > to) return [];
    const at = x(event.time);
    // Hundreds of pins at one moment are one line.
    if (at === lastLine) return [];
    lastLine = at;
    const labelled = at - lastLabel >= PIN_GAP;
    if (labelled) lastLabel = at;
    return [html`<line x1="${at}" y1="${PIN_STRIP - 3}" x2="${at}" y2="${pins.length > MAX_LINES ? PIN_STRIP + 2 : bottom}" stroke="#1b2329" stroke-width="0.5"${dash}/>${labelled ? html`<text x="${at}" y="${PIN_STRIP - 6}" text-anchor="middle" class="pin-number">${pin}</text>` : null}`];
  });
}

/** Counts with their share and a bar; the figures can be read exactly. */
export function countTable(title: string, rows: readonly { label: Html | string; count: number }[], total: number): Html {
  const most = rows.reduce((peak, { count }) => Math.max(peak, count), 0);
  return html`<table class="counts"><thead><tr><th>${title}</th><th class="figure">Events</th><th class="figure">Share</th><th class="bar"></th></tr></thead><tbody>
${rows.map(({ label, count }) => html`<tr><td>${label}</td><td class="figure">${number(count)}</td><td class="figure">${share(count, total)}</td><td class="bar"><svg width="260" height="8" viewBox="0 0 260 8" aria-hidden="true"><rect x="0" y="1" width="${most === 0 || count === 0 ? 0 : round(Math.max(0.8, (count / most) * 260))}" height="6" fill="#55616b"/></svg></td></tr>`)}
</tbody></table>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
