import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesTitle } from '../series.ts';
import { METRIC_PARSERS } from '../recognise-metrics.ts';
import { csvMetrics } from './csv-metrics.ts';
import { datadog } from './datadog.ts';
import { exposition } from './exposition.ts';
import { influx } from './influx.ts';
import { otlpMetrics } from './otlp-metrics.ts';
import type { MetricCounts, MetricParser } from './parser.ts';
import { prometheusJson } from './prometheus-json.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
interface Found {
  /** title kind[+] [unit] time value */
  samples: string[];
  texts: string[];
  exemplars: string[];
  help: string[];
  rejects: { text: string; at: string; reason: string }[];
  counts: MetricCounts;
}
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}
async function read(parser: MetricParser, text: string | Uint8Array, size = 1 << 20): Promise<Found> {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const found: Omit<Found, 'counts'> = { samples: [], texts: [], exemplars: [], help: [], rejects: [] };
  const counts = await parser.read(cut(bytes, size), {
    sample: (series, timeUs, value) => found.samples.push(`${seriesTitle(series)} ${series.kind}${series.cumulative ? '+' : ''}${series.unit === '' ? '' : ` [${series.unit}]`} ${timeUs ?? '-'} ${Object.is(value, -0) ? '-0' : value}`),
    text: (series, timeUs, value) => found.texts.push(`${seriesTitle(series)} ${timeUs ?? '-'} ${value}`),
    exemplar: (series, timeUs, value, traceId) => found.exemplars.push(`${seriesTitle(series)} ${timeUs ?? '-'} ${value} ${traceId}`),
    help: (name, help) => found.help.push(`${name}: ${help}`),
    reject: ({ offset, length, reason, bytes: kept }) => found.rejects.push({ text: decoder.decode(kept), at: decoder.decode(bytes.subarray(offset, offset + length)), reason }),
  }, { path: '/x/lab.csv.gz', modified: Date.UTC(2026, 0, 1) * 1000, zone: 'UTC' });
  return { ...found, counts };
}

const EXPOSITION = String.raw`# HELP http_requests_total Requests\nby \\ code.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{ code = "400" , method="a\"b\\c\nd,}" , } 3 1395066363000
 http_requests_total	7
# a comment
http_requests_total{method="post",code="200"} 1028 1395066364000
# TYPE rpc_duration_seconds histogram
rpc_duration_seconds_bucket{le="+Inf"} 2
rpc_duration_seconds_sum -0
weird{x="Grüße"} NaN -5
big +Inf
low -Inf 12.5
{"my.metric","my.label"="v"} 1e-3
broken{a="b" 1
no_value
word abc
up{a="1",a="2"} 1
up 1 yesterday
# TYPE x nonsense
`;
const OPENMETRICS = `# TYPE cpu counter
# UNIT cpu seconds
cpu_total{core="0"} 5.5 1520879607 # {trace_id="abc"} 0.5 1520879607.789
cpu_created{core="0"} 1520430000.123
# TYPE state stateset
state{state="a"} 1 1520879607.25
# EOF
`;
const INFLUX = String.raw`# comment
weather,location=us-midwest,season=summer temperature=82.5,humid=71i,count=18446744073709551615u,ok=t,bad=FALSE 1465839830100400200
we\ ather,ta\,g=a\=b\ c value=1,my\ field=2 1465839830100
disk text="a, \"b\" \\ c
second line",free=1 1465839830
cpu usage=1e3
cpu usage=abc 1
cpu,=x usage=1
cpu usage 1
cpu usage=1 tomorrow
cpu text="open
`;
const DATADOG = JSON.stringify({
  series: [
    { metric: 'system.load', points: [[1575317847, 0.5], [1575317857, '1.5'], [1575317858, null], ['x', 1]], tags: ['env:prod', 'zone:a', 'zone:b', 'word'], host: 'web', type: 'gauge', unit: 'load' },
    { metric: 'v2', type: 1, points: [{ timestamp: 1575317847, value: 3 }], resources: [{ type: 'host', name: 'h' }] },
    { metric: 'answer', pointlist: [[1575317847000, 2.5]], scope: 'host:a,env:b', tag_set: ['host:a'], unit: [{ short_name: 'B' }, { name: 'second' }] },
    { points: [] }, 7,
  ],
  status: 'ok',
});
const PROMETHEUS = `{"status":"success","data":{"result":[
 {"metric":{"__name__":"up","job":"a"},"value":[1435781451.781,"1"]},
 {"metric":{},"values":[[1435781430,"NaN"],[1435781445,"+Inf"]]},
 {"metric":{"__name__":"h"},"histogram":[1435781430,{"count":"60","sum":"33.5","buckets":[[0,"1","2","60"]]}]},
 {"metric":{"__name__":"x"}}],"resultType":"matrix"}}
{"status":"success","data":{"resultType":"scalar","result":[1435781451.5,"42"]}}
{"status":"success","data":{"resultType":"string","result":[1435781451.5,"hello"]}}
{"status":"error","errorType":"bad_data","error":"parse error"}
{"status":"success","data":["a","b"]}
`;
const T = '1544712660300000000';
const OTLP = JSON.stringify({
  resourceMetrics: [{
    resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
    scopeMetrics: [{
      scope: { name: 'lib' },
      metrics: [
        { name: 'g', unit: 'By', description: 'a gauge', gauge: { dataPoints: [{ asInt: '12', timeUnixNano: T, attributes: [{ key: 'n', value: { intValue: '3' } }], exemplars: [{ timeUnixNano: T, asDouble: 1.5, traceId: 'ff' }] }, { flags: 1, timeUnixNano: T }] } },
        { name: 's', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ asDouble: 5, timeUnixNano: T }] } },
        { name: 'd', sum: { aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA', isMonotonic: true, dataPoints: [{ asDouble: 5, timeUnixNano: T }] } },
        { name: 'h', unit: 's', histogram: { aggregationTemporality: 2, dataPoints: [{ count: '3', sum: 6, max: 4, bucketCounts: ['1', '2'], explicitBounds: [1], timeUnixNano: T }, { count: 1, bucketCounts: [1, 2], explicitBounds: [], timeUnixNano: T }] } },
        { name: 'e', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ count: 6, sum: 1, scale: 0, zeroCount: 1, positive: { offset: 1, bucketCounts: ['2', '1'] }, negative: { offset: 0, bucketCounts: ['2'] }, timeUnixNano: T }] } },
        { name: 'q', summary: { dataPoints: [{ count: 2, sum: 3, quantileValues: [{ quantile: 0.5, value: 1 }], timeUnixNano: T }] } },
        { name: 'none' },
      ],
    }],
  }],
});
const WIDE = 'time,host,cpu (%),mem_bytes\n2026-01-01 00:00:00,a,1.5,3e8\n2026-01-01 00:00:01,a,,NaN\n2026-01-01 00:00:02,"b, c",2,4\ntime,host,cpu (%),mem_bytes\n2026-01-01 00:00:03,a,x,4\nyesterday,a,1,2\n2026-01-01 00:00:04,a\n' + '2026-01-01 00:01:00,c,1,2\n'.repeat(40);
const LONG = 'timestamp,metric,value,labels,region\n1767225600,cpu,1,"a=1;b=2",eu\n1767225601,"x{c=""d""}",2,"{""k"":""v""}",us\n1767225602.5,n_total,3,,eu\n';
const ANNOTATED = '#group,false,false\n#datatype,string,long\n,result,table,_time,_value,_field,_measurement,host\n,,0,2026-01-01T00:00:00Z,1.5,idle,cpu,a\n,,0,2026-01-01T00:00:01Z,2.5,idle,cpu,a\n';

describe('each parser reads what its format says', () => {
  it('Prometheus text', async () => {
    const { samples, help, rejects, counts } = await read(exposition, EXPOSITION);
    expect(samples).toEqual([
      'http_requests_total{code="200", method="post"} counter+ 1395066363000000 1027',
      'http_requests_total{code="400", method="a\\"b\\\\c\\nd,}"} counter+ 1395066363000000 3',
      'http_requests_total counter+ - 7',
      'http_requests_total{code="200", method="post"} counter+ 1395066364000000 1028',
      'rpc_duration_seconds_bucket{le="+Inf"} histogram+ [seconds] - 2',
      'rpc_duration_seconds_sum histogram+ [seconds] - -0',
      'weird{x="Grüße"} untyped -5000 NaN',
      'big untyped - Infinity',
      'low untyped 12500000 -Infinity',
      'my.metric{my.label="v"} untyped - 0.001',
    ]);
    expect(help).toEqual(['http_requests_total: Requests\nby \\ code.']);
    expect(rejects.map(({ text }) => text)).toEqual(['broken{a="b" 1', 'no_value', 'word abc', 'up{a="1",a="2"} 1', 'up 1 yesterday', '# TYPE x nonsense']);
    expect(counts).toMatchObject({ helpLines: 1, typeLines: 2, samples: 10, rejects: 6 });
  });
  it('OpenMetrics', async () => {
    const { samples, exemplars } = await read(exposition, OPENMETRICS);
    expect(samples).toEqual([
      'cpu_total{core="0"} counter+ [seconds] 1520879607000000 5.5',
      'cpu_created{core="0"} gauge [seconds] - 1520430000.123',
      'state{state="a"} gauge 1520879607250000 1',
    ]);
    expect(exemplars).toEqual(['cpu_total{core="0"} 1520879607789000 0.5 abc']);
  });
  it('Influx lines', async () => {
    const { samples, texts, rejects } = await read(influx, INFLUX);
    const weather = (field: string, value: string): string => `weather_${field}{location="us-midwest", season="summer"} untyped 1465839830100400 ${value}`;
    expect(samples).toEqual([
      weather('temperature', '82.5'), weather('humid', '71'), weather('count', '18446744073709552000'), weather('ok', '1'), weather('bad', '0'),
      'we ather{ta,g="a=b c"} untyped 1465839830100000 1', 'we ather_my field{ta,g="a=b c"} untyped 1465839830100000 2',
      'disk_free untyped 1465839830000000 1', 'cpu_usage untyped - 1000',
    ]);
    expect(texts).toEqual(['disk_text 1465839830000000 a, "b" \\ c\nsecond line']);
    expect(rejects.map(({ text }) => text)).toEqual(['cpu usage=abc 1', 'cpu,=x usage=1', 'cpu usage 1', 'cpu usage=1 tomorrow', 'cpu text="open']);
  });
  it('Datadog', async () => {
    const { samples, rejects } = await read(datadog, DATADOG);
    const tags = '{env="prod", host="web", word="true", zone="a,b"} gauge [load]';
    expect(samples).toEqual([
      `system.load${tags} 1575317847000000 0.5`, `system.load${tags} 1575317857000000 1.5`,
      'v2{host="h"} gauge 1575317847000000 3', 'answer{host="a"} untyped [B/second] 1575317847000000 2.5',
    ]);
    expect(rejects.map(({ text }) => text)).toEqual(['["x",1]', '{"points":[]}', '7']);
    expect((await read(datadog, '{"status":"error","errors":["Forbidden"]}')).rejects).toMatchObject([{ reason: 'The answer is an error: Forbidden' }]);
  });
  it('answers of Prometheus', async () => {
    const { samples, texts, rejects } = await read(prometheusJson, PROMETHEUS);
    expect(samples).toEqual([
      'up{job="a"} untyped 1435781451781000 1', 'lab untyped 1435781430000000 NaN', 'lab untyped 1435781445000000 Infinity',
      'h_count histogram+ 1435781430000000 60', 'h_sum histogram+ 1435781430000000 33.5', 'lab untyped 1435781451500000 42',
    ]);
    expect(texts).toEqual(['lab 1435781451500000 hello']);
    expect(rejects.map(({ reason }) => reason)).toEqual(['The series has neither value nor values nor histograms.', 'The answer is an error: bad_data: parse error']);
  });
  it('OpenTelemetry', async () => {
    const { samples, exemplars, help, rejects } = await read(otlpMetrics, OTLP);
    const of = (name: string, kind: string, value: number | string, label = ''): string => {
      const labels = [...(label.startsWith('le') || label.startsWith('n=') ? [label] : []), 'otel.scope.name="lib"', ...(label.startsWith('q') ? [label] : []), 'service.name="shop"'];
      return `${name}{${labels.join(', ')}} ${kind} 1544712660300000 ${value}`;
    };
    expect(samples).toEqual([
      of('g', 'gauge [By]', 12, 'n="3"'), of('g', 'gauge [By]', 'NaN'), of('s', 'counter+', 5), of('d', 'gauge', 5),
      of('h_count', 'histogram+', 3), of('h_sum', 'histogram+ [s]', 6), of('h_max', 'gauge [s]', 4),
      of('h_bucket', 'histogram+', 1, 'le="1"'), of('h_bucket', 'histogram+', 3, 'le="+Inf"'),
      of('e_count', 'histogram+', 6), of('e_sum', 'histogram+', 1), of('e_bucket', 'histogram+', 2, 'le="-1"'), of('e_bucket', 'histogram+', 3, 'le="0"'),
      of('e_bucket', 'histogram+', 5, 'le="4"'), of('e_bucket', 'histogram+', 6, 'le="8"'), of('e_bucket', 'histogram+', 6, 'le="+Inf"'),
      of('q_count', 'summary+', 2), of('q_sum', 'summary+', 3), of('q', 'summary', 1, 'quantile="0.5"'),
    ]);
    expect(exemplars).toEqual(['g{n="3", otel.scope.name="lib", service.name="shop"} 1544712660300000 1.5 ff']);
    expect(help).toEqual(['g: a gauge']);
    expect(rejects.map(({ reason }) => reason)).toEqual(['The histogram has 2 buckets and 0 bounds. (a point of h)', 'The metric none is none of gauge, sum, histogram, exponentialHistogram, summary.']);
  });
  it('tables', async () => {
    const wide = await read(csvMetrics, WIDE);
    const at = 1767225600;
    expect(wide.samples.slice(0, 5)).toEqual([
      `cpu{host="a"} untyped [%] ${at}000000 1.5`, `mem_bytes{host="a"} untyped [bytes] ${at}000000 300000000`, `mem_bytes{host="a"} untyped [bytes] ${at + 1}000000 NaN`,
      `cpu{host="b, c"} untyped [%] ${at + 2}000000 2`, `mem_bytes{host="b, c"} untyped [bytes] ${at + 2}000000 4`,
    ]);
    expect(wide.samples).toHaveLength(85);
    expect(wide.rejects.map(({ at: text }) => text)).toEqual(['2026-01-01 00:00:03,a,x,4', 'yesterday,a,1,2', '2026-01-01 00:00:04,a']);
    expect((await read(csvMetrics, LONG)).samples).toEqual([
      `cpu{a="1", b="2", region="eu"} untyped ${at}000000 1`, `x{c="d", k="v", region="us"} untyped ${at + 1}000000 2`, `n_total{region="eu"} untyped+ ${at + 2}500000 3`,
    ]);
    expect((await read(csvMetrics, ANNOTATED)).samples).toEqual([`cpu_idle{host="a"} untyped ${at}000000 1.5`, `cpu_idle{host="a"} untyped ${at + 1}000000 2.5`]);
    expect((await read(csvMetrics, 'timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 00:05:00,2\n')).samples).toEqual([`lab untyped ${at}000000 1`, `lab untyped ${at + 300}000000 2`]);
    expect((await read(csvMetrics, 'Zeit;Last;time\n01.10.2026 10:00:00;1,5 %;2026-10-01 10:00:00\n01.10.2026 10:01:00;-2,25 %;2026-10-01 10:01:00\n')).samples).toEqual(['Last untyped [%] 1790848800000000 1.5', 'Last untyped [%] 1790848860000000 -2.25']);
    await expect(read(csvMetrics, 'a,b\n1,2\n')).rejects.toThrow('needs a column of times');
  });
});

const DOCUMENTS: [MetricParser, string][] = [
  [exposition, EXPOSITION], [exposition, OPENMETRICS], [influx, INFLUX], [datadog, DATADOG], [prometheusJson, PROMETHEUS], [otlpMetrics, OTLP],
  [csvMetrics, WIDE], [csvMetrics, LONG], [csvMetrics, ANNOTATED],
];
it('reads the same however the stream is cut, and says where rejects stand', async () => {
  for (const [parser, text] of DOCUMENTS) {
    const whole = await read(parser, text);
    // Rejects of lines are the bytes at their place; of JSON, parts of an element.
    if (parser === exposition || parser === influx) for (const { text: kept, at } of whole.rejects) expect(at).toBe(kept);
    for (const size of [1, 7, 64]) expect(await read(parser, text, size)).toEqual(whole);
    expect(await read(parser, text.replaceAll('\n', '\r\n'), 50).then(({ samples }) => samples)).toEqual(whole.samples);
  }
});
it('never throws anything but an Error with a reason, whatever the bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...DOCUMENTS), fc.nat(), fc.uint8Array({ maxLength: 12 }), fc.nat(20), fc.integer({ min: 1, max: 300 }), async ([, text], place, bytes, gone, size) => {
    const source = encoder.encode(text);
    const at = place % source.length;
    const damaged = Uint8Array.from([...source.subarray(0, at), ...bytes, ...source.subarray(at + gone)]);
    for (const parser of METRIC_PARSERS) {
      const { counts, samples, rejects } = await read(parser, damaged, size).catch((error: unknown) => {
        expect(parser === csvMetrics && error instanceof Error && error.message.includes('table of measurements')).toBe(true);
        return { counts: { samples: 0, rejects: 0 }, samples: [], rejects: [] };
      });
      expect([samples.length, rejects.length]).toEqual([counts.samples, counts.rejects]);
    }
  }), { numRuns: 60 });
});
it('passes over what is too long or too deep and goes on behind it', async () => {
  const long = await read(exposition, `a 1\n${'x'.repeat(3 << 20)}\nb 2\n`, 700_000);
  expect(long.samples).toEqual(['a untyped - 1', 'b untyped - 2']);
  expect(long.rejects).toMatchObject([{ reason: 'The line is longer than 1 MiB.' }]);
  expect(long.rejects[0].at.length).toBe(3 << 20);
  const deep = await read(datadog, `{"series":[${'['.repeat(100)}${']'.repeat(100)}]}\nwords\n{"series":[{"metric":"cut","poi\n${DATADOG}\n{"series":[{"metric":"a","points":[[1575317847,1]]}`);
  expect(deep.samples.map((sample) => sample.split(/[ {]/)[0])).toEqual(['system.load', 'system.load', 'v2', 'answer', 'a']);
  expect(deep.rejects.map(({ reason }) => reason)).toEqual(expect.arrayContaining([expect.stringContaining('nested deeper'), expect.stringContaining('Not valid JSON'), expect.stringContaining('ends in the middle')]));
});
