/** The part of the report that says where everything came from, who changed what, and what must not be taken on trust. */
import { clockWords } from '../../../../shared/clock.ts';
import { FLAG, type InvestigationChange, type Ledger, type Source } from '../../../../shared/event.ts';
import { html, type Content, type Html } from '../lib/html.ts';
import { bytes, number, plural } from '../lib/words.ts';
import type { IncidentReport } from './data.ts';
import { stamp } from './evidence.ts';

export function ledgerSection({ ledger, sources, sourcesLeftOut }: IncidentReport, zone: string): Html {
  return html`<h2>Sources and ledger</h2>
<p class="equation">${number(ledger.read)} records read = ${number(ledger.stored)} stored${ledger.archived ? ` (${number(ledger.archived)} of them in archives)` : ''} + ${number(ledger.duplicates)} duplicates + ${number(ledger.rejected)} rejected</p>
<table><thead><tr><th>Source</th><th>Format</th><th class="figure">Read</th><th class="figure">Stored</th><th class="figure">Duplicates</th><th class="figure">Rejected</th></tr></thead>
${sources.map((source) => sourceRows(source, zone))}
<tfoot><tr><td>All sources</td><td></td>${figures(ledger)}</tr></tfoot></table>
${sourcesLeftOut > 0 ? html`<p class="doubt">${plural(sourcesLeftOut, 'further source')} not listed here; the case holds them.</p>` : null}`;
}
function figures({ read, stored, duplicates, rejected }: Ledger): Html {
  return html`<td class="figure">${number(read)}</td><td class="figure">${number(stored)}</td><td class="figure">${number(duplicates)}</td><td class="figure">${number(rejected)}</td>`;
}
function sourceRows(source: Source, zone: string): Html {
  const { path, format, formatTitle, ledger, sha256, size, modified, ingestedAt, ingestedBy, toolVersion, state, error, zone: assumed, from, to, clock } = source;
  const span = from === null || to === null ? null : html`Events from ${stamp(from, zone)} to ${stamp(to, zone)}. `;
  return html`<tbody class="source"><tr><td>${path}</td><td>${formatTitle === '' ? format : formatTitle}</td>${figures(ledger)}</tr>
<tr><td colspan="6" class="custody"><span class="mono">SHA-256 ${sha256 !== '' ? sha256 : format === 'typed' ? 'none: typed into this case, which keeps every change' : 'not known'}</span><br>${bytes(size)}, modified ${stamp(modified, zone)}; read by ${ingestedBy} at ${stamp(ingestedAt, zone)} with Tidemark ${toolVersion}.
${span}Times without a zone taken as ${assumed === '' ? 'UTC' : assumed}.${clock ? html` <strong>Clock corrected:</strong> times ${clockWords(clock, (time) => stamp(time, zone))}. Set by ${clock.setBy} at ${stamp(clock.setAt, zone)}${clock.note === '' ? '' : `: ${clock.note}`}.` : null}${state === 'done' ? null : html` <strong>Not read to the end (${state}${error === '' ? '' : `: ${error}`}).</strong>`}</td></tr></tbody>`;
}

/** The zone that times without one are taken in. */
function zoneOf(source: Source | undefined): string {
  return source?.clock?.zone || (source?.zone ?? '');
}

/** Every check is named with its result, also where nothing was found. */
export function doubtsSection({ ledger, sources, pins, pinsLeftOut, history, case: info }: IncidentReport, zone: string): Html {
  const flagged = (bit: number): number[] => pins.flatMap(({ number: ordinal, event }) => (event && (event.flags & bit) !== 0 ? [ordinal] : []));
  const rejecting = sources.filter((source) => source.ledger.rejected > 0);
  const unfinished = sources.filter((source) => source.state !== 'done');
  const clocked = sources.filter((source) => source.clock !== undefined);
  // What was typed in never was a file.
  const unhashed = sources.filter((source) => source.sha256 === '' && source.format !== 'typed');
  const balanced = ledger.read === ledger.stored + ledger.duplicates + ledger.rejected;
  const zones = [...new Set(pins.flatMap(({ event }) => (event && (event.flags & FLAG.ZONE_ASSUMED) !== 0 ? [zoneOf(sources.find(({ id }) => id === event.provenance.sourceId))] : [])))].map((zone) => (zone === '' ? 'UTC' : zone));
  const rows: [string, Content][] = [
    ['Does the ledger add up?', balanced ? 'Yes: read = stored + duplicates + rejected.' : html`<strong>No.</strong> Records are unaccounted for.`],
    ['Records that could not be read as events', ledger.rejected === 0 ? 'None.' : html`<strong>${number(ledger.rejected)}</strong>, kept whole in the case: ${listed(rejecting.map(({ path, ledger: { rejected } }) => `${path} (${number(rejected)})`))}.`],
    ['Records left out as repeats', ledger.duplicates === 0 ? 'None.' : html`<strong>${number(ledger.duplicates)}</strong>. They are counted, not kept.`],
    ['Sources not read to the end', unfinished.length === 0 ? 'None.' : html`<strong>${number(unfinished.length)}</strong>: ${listed(unfinished.map(({ path, state }) => `${path} (${state})`))}.`],
    ['Sources without a hash', unhashed.length === 0 ? 'None.' : html`<strong>${number(unhashed.length)}</strong>: ${listed(unhashed.map(({ path }) => path))}.`],
    ['Pinned events with a time taken from the record before or from the file', pinList(flagged(FLAG.TIME_INFERRED))],
    ['Pinned events with a time that a log cannot have', pinList(flagged(FLAG.TIME_SUSPECT))],
    ['Pinned events whose record names no zone', zones.length === 0 ? 'None.' : html`${pinList(flagged(FLAG.ZONE_ASSUMED))} Taken as ${listed(zones)}; if that is wrong, their times are off by the difference.`],
    ['Sources whose clock was corrected', clocked.length === 0 ? 'None.' : html`<strong>${number(clocked.length)}</strong>: ${listed(clocked.map(({ path, clock }) => `${path} (${clock ? clockWords(clock, (time) => stamp(time, zone)) : ''})`))}. Their events are shown at the corrected time; the case keeps what they wrote.`],
    ['Pinned events with bytes that are not UTF-8', pinList(flagged(FLAG.BAD_UTF8))],
    ['Pinned events that the case does not hold any more', pinList(pins.flatMap(({ number: ordinal, event }) => (event ? [] : [ordinal])))],
    ['Records shortened in this report', pinList(pins.flatMap(({ number: ordinal, event }) => (event && event.rawLeftOut > 0 ? [ordinal] : [])))],
    ['Left out of this report', pinsLeftOut === 0 && history.total === history.changes.length ? 'Nothing.' : `${plural(pinsLeftOut, 'pin')}, ${plural(history.total - history.changes.length, 'older change')}.`],
    ['The case file', info.readOnly ? `Read-only: ${info.readOnlyReason}.` : 'Open for writing when this report was made; the report itself is not signed.'],
  ];
  return html`<h2>Limits of this evidence</h2><table class="doubts"><thead><tr><th>Check</th><th>Result</th></tr></thead><tbody>${rows.map(([check, result]) => html`<tr><td>${check}</td><td>${result}</td></tr>`)}</tbody></table>`;
}

const LISTED = 20;
function listed(names: readonly string[]): string {
  return names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${plural(names.length - LISTED, 'other')}`;
}
/** "3 of the pins: 1, 4 to 6." */
function pinList(ordinals: readonly number[]): Content {
  if (ordinals.length === 0) return 'None.';
  const runs: string[] = [];
  for (let i = 0; i < ordinals.length; i++) {
    const first = i;
    while (ordinals[i + 1] === ordinals[i] + 1) i++;
    runs.push(i === first ? String(ordinals[i]) : i === first + 1 ? `${ordinals[first]}, ${ordinals[i]}` : `${ordinals[first]} to ${ordinals[i]}`);
  }
  return html`<strong>${number(ordinals.length)}</strong>: ${ordinals.length === 1 ? 'number' : 'numbers'} ${listed(runs)}.`;
}

const FIELD_TITLES: Readonly<Record<string, string>> = {
  title: 'Title', status: 'Status', severity: 'Severity', team: 'Team', impactDomain: 'Impact domain', businessImpact: 'Business impact',
  estimatedMttrMinutes: 'Estimated minutes to recovery', automationPotential: 'Automation potential', summary: 'Summary', created: 'Created', removed: 'Removed', restored: 'Restored',
  pinned: 'Pinned', unpinned: 'Unpinned', pinNote: 'Note of pin', noteAdded: 'Note added', noteChanged: 'Note changed', noteRemoved: 'Note removed', noteRestored: 'Note restored',
};
/** Fields that people write over minutes, saved as they go. */
const WRITTEN = new Set(['summary', 'businessImpact', 'pinNote', 'noteChanged']);
/** Savings of one text by one person with no more than this between them are one row. */
const ONE_SITTING = 10 * 60e6;
const MAX_SHOWN = 160;

export function historySection({ history: { changes, total } }: IncidentReport, zone: string): Html {
  const sittings: (InvestigationChange & { edits: number })[] = [];
  for (const change of changes) {
    const last = sittings.at(-1);
    if (last && WRITTEN.has(change.field) && last.field === change.field && last.subject === change.subject && last.by === change.by && change.at - last.at <= ONE_SITTING) {
      Object.assign(last, { at: change.at, new: change.new, edits: last.edits + 1 });
    } else sittings.push({ ...change, edits: 1 });
  }
  return html`<h2>Changes to this investigation</h2>
<p>${plural(total, 'change')}${total > changes.length ? `, of which the newest ${number(changes.length)} are shown` : ''}. The case keeps each of them; one sitting at a text is one row here.</p>
<table class="history"><thead><tr><th class="nowrap">When</th><th>Who</th><th>What</th><th>From</th><th>To</th></tr></thead><tbody>
${sittings.map((change) => html`<tr><td class="nowrap">${stamp(change.at, zone)}</td><td>${change.by}</td><td>${Object.hasOwn(FIELD_TITLES, change.field) ? FIELD_TITLES[change.field] : change.field}${change.subject === null ? '' : ` ${change.subject}`}${change.edits > 1 ? ` (${change.edits} edits)` : ''}</td><td>${valueOf(change.field, change.old)}</td><td>${valueOf(change.field, change.new)}</td></tr>`)}
</tbody></table>`;
}
function valueOf(field: string, value: string): Content {
  if (value === '') return html`<span class="dim">–</span>`;
  if (field === 'pinned' || field === 'unpinned') {
    const ids = value.split(' ');
    return ids.length <= 5 ? `${ids.length === 1 ? 'event' : 'events'} ${ids.join(', ')}` : plural(ids.length, 'event');
  }
  return value.length <= MAX_SHOWN ? value : html`${value.slice(0, MAX_SHOWN)}… <span class="dim">(${plural(value.length, 'character')})</span>`;
}
