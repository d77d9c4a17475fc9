import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeHead, recognise } from '../formats/recognise.ts';
import { formats } from '../formats/registry.ts';
import { recogniseMetrics } from './recognise-metrics.ts';

const encoder = new TextEncoder();
const judge = (text: string): string | null => recogniseMetrics(makeHead('x', encoder.encode(text)))?.parser.id ?? null;

describe('metrics are told', () => {
  it.each<[string, string]>([
    ['exposition', '# HELP up Whether it is up.\n# TYPE up gauge\nup{job="a"} 1\nup 0 1700000000000\n'],
    ['exposition', 'http_requests_total{code="200",method="get"} 10\nhttp_requests_total{code="500",method="get"} NaN\n'],
    ['exposition', 'go_goroutines 7\ngo_threads 8\nprocess_open_fds 9.5e+01\n'],
    ['exposition', '{__name__="a", b="c"} 5 0\n{__name__="a", b="c"} 4 60000\n'],
    ['exposition', '{"my.metric", "my.label"="c"} 5\n{"my.metric", "my.label"="d"} 5\n'],
    ['influx', 'cpu,host=a,cpu=cpu0 usage_idle=99.5,usage_user=1i 1465839830100400200\nmem,host=a used=5i 1465839830100400200\n'],
    ['influx', 'weather temperature=82,text="a, b = c" 1465839830\n'],
    ['datadog', '{"series":[{"metric":"a.b","points":[[1575317847,0.5]],"tags":["x:y"]}]}'],
    ['datadog', '{"status":"ok","res_type":"time_series","series":[{"metric":"a","pointlist":[[1575317847000,0.5]],"scope":"*"}]}'],
    ['prometheus-json', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up"},"values":[[1,"1"]]}]}}'],
    ['prometheus-json', '{"status":"success","isPartial":false,"data":{"resultType":"scalar","result":[1435781451.781,"1"]}}'],
    ['otlp-metrics', '{"resourceMetrics":[{"scopeMetrics":[]}]}\n{"resourceMetrics":[]}\n'],
    ['csv-metrics', 'timestamp,value\n2014-04-01 00:00:00,20.0\n2014-04-01 00:05:00,21\n'],
    ['csv-metrics', 'time,cpu (%),mem\n1652565600,1.5,3e8\n1652565601,1.6,\n'],
    ['csv-metrics', 'metric,value,timestamp,host\ncpu,1,2026-01-01T00:00:00Z,a\nmem,2,2026-01-01T00:00:00Z,a\n'],
    ['csv-metrics', 'Time,PodName,Cpu(m),Memory(Mi)\n2026-01-01 14:40:09.26 +0000 UTC m=+1.5,web-1,1,2\n2026-01-01 14:41:09.26 +0000 UTC m=+61.5,web-1,3,4\n'],
  ])('%s', (id, text) => {
    const head = makeHead('x', encoder.encode(text));
    const found = recogniseMetrics(head);
    expect(found?.parser.id).toBe(id);
    // What reads it wins over the formats of logs.
    expect(found?.confidence).toBeGreaterThan(recognise(head, formats).confidence);
  });
});

it('tells long ones from their beginning', () => {
  const points = Array.from({ length: 9000 }, (_, i) => `[${1575317847 + i},"${i}"]`).join();
  const long: [string, string][] = [
    ['datadog', `{"status":"ok","series":[{"scope":"*","metric":"a","pointlist":[${points}]}]}`],
    ['prometheus-json', `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[${points}]}]}}`],
    ['prometheus-json', `{"data":{"result":[{"metric":{},"values":[${points}]}],"resultType":"matrix"},"status":"success"}`],
    ['otlp-metrics', `[{"resourceMetrics":[{"resource":{"attributes":[]},"scopeMetrics":[${points}]}]}]`],
    ['csv-metrics', `time,value\n${Array.from({ length: 9000 }, (_, i) => `${1575317847 + i},${i}\n`).join('')}`],
    ['exposition', Array.from({ length: 9000 }, (_, i) => `up{i="${i}"} 1\n`).join('')],
    ['influx', Array.from({ length: 9000 }, (_, i) => `m,i=${i} f=1\n`).join('')],
  ];
  expect(long.map(([, text]) => judge(text))).toEqual(long.map(([id]) => id));
});

describe('what is not', () => {
  it('is every sample of every format of logs', () => {
    const wrong: string[] = [];
    for (const format of formats) {
      const start = format.sampleHead === undefined ? '' : `${format.sampleHead}\n`;
      const records = format.samples.map(({ record }) => record);
      for (const text of [...records, records.join('\n')]) {
        const found = recogniseMetrics(makeHead('x', encoder.encode(`${start}${text}\n`)));
        if (found) wrong.push(`${format.id} as ${found.parser.id}: ${text.slice(0, 100)}`);
      }
      if (format.document) {
        const found = recogniseMetrics(makeHead('x', format.document()));
        if (found) wrong.push(`document of ${format.id} as ${found.parser.id}`);
      }
    }
    expect(wrong).toEqual([]);
  });
  it.each([
    ['logfmt', 'time=2026-01-01T00:00:00Z level=info msg=started port=8080\n'],
    ['a line with a pair', 'started port=8080\nstopped code=1\n'],
    ['words and numbers', 'open 5\nclosed 7\nread 9\n'],
    ['a configuration', '# comment\nlisten 80\nworkers 4\n'],
    ['a table of requests', 'time,status,bytes,latency\n2026-01-01T00:00:00Z,200,512,1.5\n2026-01-01T00:00:01Z,500,12,9\n'],
    ['a table of events', 'timestamp,event_id,user,value\n2026-01-01T00:00:00Z,4624,ann,1\n2026-01-01T00:00:01Z,4625,bob,2\n'],
    ['a table of words', 'time,action,detail,size\n2026-01-01T00:00:00Z,open,a file was opened,1\n2026-01-01T00:00:01Z,close,that file was closed,2\n'],
    ['numbers without times', 'a,b\n1,2\n3,4\n'],
    ['a log that quotes an answer', '{"message":"{\\"status\\":\\"success\\",\\"data\\":{\\"resultType\\":\\"vector\\"}}","level":"info"}\n'],
    ['logs of Loki', '{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[["1","a"]]}]}}'],
    ['series of something else', '{"series":[{"name":"a","data":[1,2]}]}'],
    ['a list of labels', '{"status":"success","data":["a","b"]}'],
    ['nothing', ''],
  ])('%s', (_what, text) => expect(judge(text)).toBeNull());

  it('does not take for ever over a line made to', () => {
    const before = performance.now();
    for (const text of ['up{' + '"a" '.repeat(4000), 'a{' + ' '.repeat(16_000), 'm f="' + '\\"'.repeat(8000), `${' '.repeat(3000)}[,${' '.repeat(3000)}\n1,2\n`.repeat(5), '{'.repeat(60_000)]) {
      expect(judge(`${text}\n`.repeat(3))).toBeNull();
    }
    expect(performance.now() - before).toBeLessThan(2000);
  });

  const shared = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
  it.skipIf(!fs.existsSync(shared))('is no real log, trace or rule', () => {
    const wrong: string[] = [];
    for (const folder of ['log-formats', 'log-parsing', 'security', 'traces', 'ci-git']) {
      for (const name of fs.readdirSync(path.join(shared, folder), { recursive: true }) as string[]) {
        const file = path.join(shared, folder, name);
        if (!fs.statSync(file).isFile() || name.endsWith('otlp/metrics.json')) continue;
        const bytes = Buffer.alloc(64 << 10);
        const handle = fs.openSync(file, 'r');
        const read = fs.readSync(handle, bytes, 0, bytes.length, 0);
        fs.closeSync(handle);
        const found = recogniseMetrics(makeHead(file, bytes.subarray(0, read)));
        if (found) wrong.push(`${folder}/${name}: ${found.parser.id}, ${found.reason}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
