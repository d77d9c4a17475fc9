import { describe, expect, it } from 'vitest';
import { csvSpanLines, spanColumns } from './csv-spans.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
async function lines(text: string, chunk = 7): Promise<Record<string, unknown>[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const all = bytes(text);
    for (let i = 0; i < all.length; i += chunk) yield all.slice(i, i + chunk);
  }
  const out: Record<string, unknown>[] = [];
  for await (const line of csvSpanLines(chunks(), { modified: 0 })) out.push(JSON.parse(line) as Record<string, unknown>);
  return out;
}

describe('spans in tables', () => {
  it('reads start and end in nanoseconds, pods as services, and root as no parent', async () => {
    const text = 'TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\nAB,01,root,cart-6f6cfc45b-h5m2n,"GET ""/cart"", all",1674984066135000000,1674984066287693546,152693\nAB,02,01,db-0,q,1674984066136000000,1674984066136000001,0\n';
    const [root, child] = await lines(text);
    expect(root).toMatchObject({ trace_id: 'ab', span_id: '01', 'service.name': 'cart', 'k8s.pod.name': 'cart-6f6cfc45b-h5m2n', name: 'GET "/cart", all', timestamp: '2023-01-29T09:21:06.135000Z', 'event.duration': 152693546 });
    expect(root).not.toHaveProperty('parent_span_id');
    expect(child).toMatchObject({ parent_span_id: '01', 'service.name': 'db', 'event.duration': 1 });
    expect(await lines(text, 1000)).toEqual([root, child]);
  });

  it('reads microseconds, and failures', async () => {
    const rows = await lines('time,traceID,spanID,serviceName,methodName,startTimeMillis,startTime,duration,statusCode,parentSpanID\n2024-01-01 00:00:00,a1,b1,web,get,1704067200000,1704067200000123,2500,503,\n2024-01-01 00:00:00,a1,b2,cart,get,1704067200000,1704067200000200,100,200,b1\n');
    expect(rows[0]).toMatchObject({ timestamp: '2024-01-01T00:00:00.000123Z', 'event.duration': 2_500_000, 'otel.status_code': 'ERROR', level: 'error' });
    expect(rows[1]).toMatchObject({ parent_span_id: 'b1', 'service.name': 'cart', statusCode: '200' });
    expect(rows[1]).not.toHaveProperty('level');
  });

  it('keeps rows that are none as what they are', async () => {
    const rows = await lines('trace_id,span_id,parent_id,service,start_time,duration_ms\na1,b1,,web,2024-01-01T00:00:00Z,12\nshort\na1,,,web,2024-01-01T00:00:00Z,12\n');
    expect(rows[0]).toMatchObject({ 'event.duration': 12_000_000 });
    expect(rows.slice(1).map(({ undecodable }) => undecodable)).toEqual(['The row has 1 cells, the header 6.', 'The row names no trace and span.']);
  });

  it('asks for the columns of a span', async () => {
    expect(spanColumns(bytes('time,trace_id,span_id,message,level\n'))).toBeNull();
    await expect(lines('a,b\n1,2\n')).rejects.toThrow('no table of spans');
  });
});
