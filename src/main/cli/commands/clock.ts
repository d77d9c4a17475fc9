import { clockWords, exactSpan, parseSpan, type Clock, type ClockSetting } from '../../../shared/clock.ts';
import type { ClockSuggestion } from '../../../shared/contract/clocks.ts';
import type { Source } from '../../../shared/event.ts';
import { readTime } from '../../../shared/query/time-text.ts';
import { isZone } from '../../../shared/time.ts';
import type { Engine } from '../../engine/engine.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { count, table, visible } from '../output.ts';
import { openToRead } from '../scope.ts';

const SETTINGS = ['offset', 'drift', 'at', 'uncertainty', 'zone', 'note'] as const;
const NOTHING: ClockSetting = { offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' };

export const clock: Command = {
  name: 'clock',
  usage: 'clock CASE [SOURCE] [--offset SPAN] [--drift PPM] [--at TIME] [--uncertainty SPAN] [--zone ZONE] [--note TEXT] [--suggest [--take]] [--history] [--reset] [--json]',
  summary: 'Lists the clocks of sources, sets how far one was off, or compares it with those of the others.',
  details:
    'SOURCE is the number, the path or the name of a source. What is not given stays as it is set. What the source wrote is kept: every answer\n' +
    'shows the corrected time, t + offset + drift * (t - reference), and search --json, sql and exports the original one beside it.\n' +
    'JSON, one a line: {"id","path","zone","from","to","clock"}, clock null or {"offset_us","drift_ppm","reference","uncertainty_us","zone","note",\n' +
    '"set_at","set_by"}; with --history one such clock a line, the oldest first; with --suggest {"id","path","against","against_path","kind",\n' +
    '"offset_us","drift_ppm","reference","uncertainty_us","shared","outliers","from","to","zone_us","assumes"}.',
  options: {
    offset: { value: 'SPAN', help: 'what is to be added to what it wrote: 1.5s, -250ms, +2h' },
    drift: { value: 'PPM', help: 'how much more for each second that went by: 20ppm is 20 us' },
    at: { value: 'TIME', help: 'when the offset held, as the source wrote it; drift counts from there (default: its first event)' },
    uncertainty: { value: 'SPAN', help: 'the corrected times are right within it' },
    zone: { value: 'ZONE', help: 'zone of times that name none, in place of the one they were read with; - takes it back' },
    note: { value: 'TEXT', help: 'why' },
    suggest: { help: 'what other sources say by ids, calls and messages that both have' },
    take: { help: 'with --suggest: set it to the surest' },
    history: { help: 'every setting of it' },
    reset: { help: 'take the corrections back' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, wanted, ...more] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    const { signal } = context;
    const given = SETTINGS.some((name) => args.values[name] !== undefined);
    const take = args.switches.has('take');
    const asks = [given, args.switches.has('suggest'), args.switches.has('history'), args.switches.has('reset')].filter(Boolean).length;
    if (asks > 1) throw new UsageError('Set it, or --suggest, or --history, or --reset.');
    if (take && !args.switches.has('suggest')) throw new UsageError('--take goes with --suggest.');
    const writes = given || take || args.switches.has('reset');
    if (asks > 0 && wanted === undefined && !(args.switches.has('suggest') && !take)) throw new UsageError('SOURCE is missing.');
    const read = given ? settingOf(args, context.now) : null;
    const engine = writes ? context.engine() : await openToRead(file, context);
    const { handlers } = engine;
    if (writes) await handlers.cases.open({ path: file, readOnly: false }, { signal });
    const sources = await handlers.events.sources({}, { signal });
    const chosen = wanted === undefined ? sources : [sourceOf(sources, wanted)];
    if (args.switches.has('suggest')) return await suggest(engine, sources, chosen, take, context);
    if (args.switches.has('history')) {
      for (const one of await handlers.clocks.history({ source: chosen[0].id }, { signal })) {
        if (context.json) await context.out.json(clockObject(one));
        else await context.out.text(`${isoTime(one.setAt)}  ${visible(one.setBy)}  ${clockWords(one, isoTime)}${one.note === '' ? '' : `  ${visible(one.note)}`}\n`);
      }
      return 0;
    }
    if (writes) {
      const [source] = chosen;
      await set(engine, source.id, read === null ? null : { ...NOTHING, ...withReference(source, read) }, context);
      await list((await handlers.events.sources({}, { signal })).filter(({ id }) => id === source.id), context);
      return 0;
    }
    await list(chosen, context);
    return 0;
  },
};

/** Only what was given. */
function settingOf({ values }: Arguments, now: number): Partial<ClockSetting> {
  const { drift, at, zone, note } = values;
  const setting: Partial<ClockSetting> = {};
  if (values.offset !== undefined) setting.offset = span(values.offset, 'offset');
  if (values.uncertainty !== undefined) {
    setting.uncertainty = span(values.uncertainty, 'uncertainty');
    if (setting.uncertainty < 0) throw new UsageError('--uncertainty cannot be less than 0.');
  }
  if (drift !== undefined) {
    const match = /^([+-]?\d+(?:\.\d+)?)(?:ppm)?$/.exec(drift);
    if (!match) throw new UsageError(`--drift is a number of microseconds a second such as 20ppm or -3.5, not "${drift}".`);
    setting.drift = Number(match[1]);
  }
  if (at !== undefined) {
    const result = readTime(at, { zone: 'UTC', now });
    if (!result.ok) throw new UsageError(`--at: ${result.message}`);
    setting.reference = result.span.from;
  }
  if (zone !== undefined) {
    if (zone !== '-' && !isZone(zone)) throw new UsageError(`--zone is a zone such as UTC or Europe/Berlin, not "${zone}".`);
    setting.zone = zone === '-' ? '' : zone;
  }
  if (note !== undefined) setting.note = note;
  return setting;
}

function span(text: string, name: string): number {
  const parsed = parseSpan(text);
  if (parsed === null) throw new UsageError(`--${name} is a length of time such as 1.5s, -250ms or 2h, not "${text}".`);
  return parsed;
}

/** What is not given stays as it is set; a drift without a time counts from the first event, as the source wrote it. */
function withReference({ clock: now, from }: Source, setting: Partial<ClockSetting>): Partial<ClockSetting> {
  const reference = now && now.drift !== 0 ? now.reference : (from ?? 0) - (now?.offset ?? 0);
  return { ...now, reference, ...setting };
}

async function set(engine: Engine, source: number, setting: ClockSetting | null, { signal, progress }: CommandContext): Promise<void> {
  const stop = engine.onPush((name, value) => {
    const { done, total } = value as { done: number; total: number };
    if (name === 'clocks.recount') progress(done < total ? `counting anew ${Math.floor((done / total) * 100)} %` : '');
  });
  await engine.handlers.clocks.set({ source, setting: setting && { offset: setting.offset, drift: setting.drift, reference: setting.reference, uncertainty: setting.uncertainty, zone: setting.zone, note: setting.note } }, { signal });
  // Interrupted it goes on when the case is opened for writing next.
  await Promise.race([engine.handlers.clocks.counted({}, { signal }), new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))]);
  stop();
}

function sourceOf(sources: readonly Source[], wanted: string): Source {
  const byId = /^\d+$/.test(wanted) ? sources.find(({ id }) => id === Number(wanted)) : undefined;
  const found = byId ? [byId] : sources.filter(({ path }) => path === wanted || path.endsWith(`/${wanted}`) || path.endsWith(`\\${wanted}`));
  if (found.length === 0) throw new UsageError(`There is no source "${wanted}". tidemark clock CASE lists them.`);
  if (found.length > 1) throw new UsageError(`"${wanted}" may be ${found.map(({ id, path }) => `${id} (${path})`).join(' or ')}. Give its number.`);
  return found[0];
}

async function list(sources: readonly Source[], { json, out }: CommandContext): Promise<void> {
  if (json) {
    for (const { id, path, zone, from, to, clock: of } of sources) await out.json({ id, path, zone, from: isoOrNull(from), to: isoOrNull(to), clock: of ? clockObject(of) : null });
    return;
  }
  const cells = sources.map(({ id, path, from, to, clock: of }) => [String(id), isoOrNull(from) ?? '', isoOrNull(to) ?? '', path, of ? `${clockWords(of, isoTime)}; set by ${of.setBy}${of.note === '' ? '' : `: ${of.note}`}` : 'as it was read']);
  await out.text(table([{ title: 'id', align: 'right' }, { title: 'first event' }, { title: 'last event' }, { title: 'source' }, { title: 'clock' }], cells));
}
function clockObject({ offset, drift, reference, uncertainty, zone, note, setAt, setBy }: Clock): Record<string, unknown> {
  return { offset_us: offset, drift_ppm: drift, reference: isoTime(reference), uncertainty_us: uncertainty, zone, note, set_at: isoTime(setAt), set_by: setBy };
}

async function suggest(engine: Engine, sources: readonly Source[], chosen: readonly Source[], take: boolean, context: CommandContext): Promise<number> {
  const { json, out, signal, note } = context;
  const path = (id: number): string => sources.find((source) => source.id === id)?.path ?? '';
  let found = 0;
  for (const source of chosen) {
    signal.throwIfAborted();
    const { suggestions, looked, truncated } = await engine.handlers.clocks.suggest({ source: source.id }, { signal });
    found += suggestions.length;
    if (truncated) note(`${source.path}: a sample of its ids and messages was compared.`);
    for (const one of suggestions) {
      if (json) await out.json({ id: source.id, path: source.path, against: one.against, against_path: path(one.against), ...suggestionObject(one) });
      else await out.text(`${visible(source.path)}, if the clock of ${visible(path(one.against))} is right: ${wordsOf(one)}\n`);
    }
    if (suggestions.length === 0 && !json) await out.text(`${visible(source.path)}: no other source saw enough of the same (${count(looked)} events were looked at).\n`);
    if (!take || suggestions.length === 0) continue;
    const [best] = suggestions;
    await set(engine, source.id, { ...NOTHING, ...source.clock, ...best.setting, note: `by ${best.shared} x ${best.kind} shared with ${path(best.against)}`.slice(0, 2000) }, context);
    if (!json) await out.text(`set: ${wordsOf(best)}\n`);
  }
  return take && found === 0 ? 1 : 0;
}
function wordsOf({ kind, setting, shared, outliers, zone, assumes }: ClockSuggestion): string {
  const like = zone === null ? '' : ` It looks like a zone that is ${exactSpan(zone)} off.`;
  return `${clockWords({ ...NOTHING, ...setting }, isoTime)} (by ${count(shared)} x ${kind}${outliers === 0 ? '' : `, ${count(outliers)} of them do not fit`}).${like} Assumes: ${assumes}`;
}
function suggestionObject({ kind, setting: { offset, drift, reference, uncertainty }, shared, outliers, from, to, zone, assumes }: ClockSuggestion): Record<string, unknown> {
  return { kind, offset_us: offset, drift_ppm: drift, reference: isoTime(reference), uncertainty_us: uncertainty, shared, outliers, from: isoTime(from), to: isoTime(to), zone_us: zone, assumes };
}
