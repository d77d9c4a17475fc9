/** What was measured, beside what was promised. */
import type { PeerRun } from './peers.ts';
import type { Input } from './inputs.ts';
import type { AskFigures, IngestFigures } from './steps.ts';
import { count, median, megabytes, milliseconds, quantile, times, type Row, type Target } from './table.ts';

type Reading = Input & { runs: IngestFigures[]; peers: (PeerRun | null)[] };
export interface Measured {
  events: number;
  /** peers: lnav, DuckDB */
  json: Reading;
  /** peers: lnav */
  mixed: Reading;
  /** milliseconds */
  first: number[];
  asked: AskFigures;
  growth: { events: number; ingest: IngestFigures; ask: AskFigures }[];
}

/** Targets for windows, searches and memory are promised for so many. */
const PROMISED = 5_000_000;

const perSecond = (value: number): Target => ({ value, text: `${count(value)}/s` });
const ratio = (value: number): Target => ({ value, text: `${value}x` });
const ms = (value: number): Target => ({ value, text: `${count(value)} ms` });
const mb = (value: number): Target => ({ value: value * 1e6, text: `${value} MB` });
const bytes = (value: number): Target => ({ value, text: `${value} B` });

export function rowsOf({ events, json, mixed, first, asked, growth }: Measured): Row[] {
  const size = events === PROMISED ? '' : `promised for ${count(PROMISED)} events, measured on ${count(events)}`;
  const within = (what: string, values: readonly number[], must: number, aim: number, note = '', share = 0.5): Row => {
    const value = quantile(values, share);
    return { what, value, figure: milliseconds(value), better: 'less', must: ms(must), aim: ms(aim), note };
  };
  const peak = Math.max(...json.runs.map(({ peakBytes }) => peakBytes));
  const idle = median(json.runs.map(({ idleBytes }) => idleBytes));
  const caseBytes = median(json.runs.map((run) => run.caseBytes)) / events;
  const [lnavJson, duck] = json.peers;
  return [
    { what: 'JSON lines to searchable case', value: rate(json), figure: `${count(rate(json))}/s`, better: 'more', aim: perSecond(1_000_000), note: recognised(json) },
    against('  against lnav', json, lnavJson, ratio(1), ratio(2)),
    against('  against DuckDB read_json_auto', json, duck),
    { what: 'syslog + access log to searchable case', value: rate(mixed), figure: `${count(rate(mixed))}/s`, better: 'more', note: recognised(mixed) },
    against('  against lnav', mixed, mixed.peers[0], ratio(0.7), ratio(1.5)),
    within('first 200 rows of a 1 GB file', first, 400, 100),
    { what: 'peak memory while reading', value: peak, figure: megabytes(peak), better: 'less', must: mb(700), aim: mb(400), note: [`${megabytes(idle)} before the first byte`, size].filter(Boolean).join('; ') },
    within('window, no filter', asked.window, 30, 15, size),
    within('window, severity>=high service:x, first asked', asked.filtered, 50, 16, size),
    within('common word to 200 rows', asked.commonWord, 50, 10, size),
    within('rare word (1 in 2,000) to 200 rows', asked.rareWord, 50, 10, size),
    within('regex over all, to the end', asked.regex, 800, 250, [`first answer ${milliseconds(median(asked.regexFirst))}`, size].filter(Boolean).join('; ')),
    within('page of 200 at any depth, p99', asked.pages, 10, 4, `median ${milliseconds(median(asked.pages))}`, 0.99),
    {
      what: 'case size an event', value: caseBytes, figure: `${caseBytes.toFixed(1)} B`, better: 'less', must: bytes(150), aim: bytes(60),
      note: `of ${count(json.bytes / events)} B read${duck ? `; DuckDB ${count(duck.bytes / events)} B` : ''}`,
    },
    within('reopen to first window', [asked.reopen], 1000, 150, size),
    ...growthRows(growth),
  ];
}

function rate({ events, runs }: Reading): number {
  return events / median(runs.map(({ seconds }) => seconds));
}

function recognised({ runs }: Reading): string {
  return `read as ${[...new Set(runs.flatMap(({ formats }) => formats))].join(', ')}`;
}

function against(what: string, reading: Reading, peer: PeerRun | null, must?: Target, aim?: Target): Row {
  if (!peer) return { what, value: null, figure: 'not installed', better: 'more', must, aim };
  const theirs = reading.events / peer.seconds;
  return { what, value: rate(reading) / theirs, figure: times(rate(reading) / theirs), better: 'more', must, aim, note: `it reads ${count(theirs)}/s` };
}

/** Each size against the smallest: reading an event must cost the same within 20 %. */
function growthRows(growth: Measured['growth']): Row[] {
  const [least, ...larger] = growth;
  return larger.flatMap((each): Row[] => {
    const from = `${least.events / 1e6} M to ${each.events / 1e6} M:`;
    const cost = each.ingest.seconds / each.events / (least.ingest.seconds / least.events);
    const p99 = (ask: AskFigures): number => quantile(ask.pages, 0.99);
    return [
      { what: `${from} cost of an event`, value: cost, figure: times(cost), better: 'less', must: ratio(1.2), note: `${count(each.events / each.ingest.seconds)}/s, peak ${megabytes(each.ingest.peakBytes)}` },
      { what: `${from} page, p99`, value: null, figure: milliseconds(p99(each.ask)), better: 'less', note: `from ${milliseconds(p99(least.ask))}` },
      { what: `${from} window, no filter`, value: null, figure: milliseconds(median(each.ask.window)), better: 'less', note: `from ${milliseconds(median(least.ask.window))}` },
    ];
  });
}
