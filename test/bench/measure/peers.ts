/** Other programs reading the same files in the same run. They are used where they are installed and never fetched. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export interface PeerRun {
  seconds: number;
  /** of what it keeps on disk; 0 when it keeps nothing */
  bytes: number;
}
export interface Peer {
  name: string;
  version: string;
  /** reads the files into what the peer can query; throws when it did not read `events` events */
  read(paths: string[], events: number): Promise<PeerRun>;
}

/** How our JSON lines are told to lnav, which knows no such format by itself. */
const LNAV_FORMAT = {
  tidemark_bench: {
    title: 'Benchmark events', description: 'JSON lines of the benchmark', json: true,
    'timestamp-field': 'timestamp', 'level-field': 'level', 'body-field': 'message', 'opid-field': 'request_id',
    'line-format': [{ field: '__timestamp__' }, ' ', { field: 'message' }],
    value: {
      service: { kind: 'string', identifier: true }, host: { kind: 'string', identifier: true }, request_id: { kind: 'string', identifier: true },
      latency_ms: { kind: 'float' }, status: { kind: 'integer' }, message: { kind: 'string' },
    },
  },
};

/** null when lnav is not installed. The time is that of the process: it loads, counts and ends. */
export async function lnav(folder: string): Promise<Peer | null> {
  const version = await output('lnav', ['-V']);
  if (version === null) return null;
  const home = path.join(folder, 'lnav');
  const formats = path.join(home, 'formats', 'tidemark_bench');
  fs.mkdirSync(formats, { recursive: true });
  fs.writeFileSync(path.join(formats, 'format.json'), JSON.stringify({ $schema: 'https://lnav.org/schemas/format-v1.schema.json', ...LNAV_FORMAT }));
  // A home of its own: what somebody configured must not change the figure, nor the benchmark what somebody configured.
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home };
  return {
    name: 'lnav',
    version: version.trim().split(/\s+/).at(-1) ?? '',
    async read(paths, events) {
      const tables = paths.length === 1 ? ['tidemark_bench'] : ['syslog_log', 'access_log'];
      const query = `;SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')} AS n`;
      const begun = performance.now();
      const text = await output('lnav', ['-n', '-I', home, '-c', query, ...paths], env);
      const seconds = (performance.now() - begun) / 1000;
      const counted = Number(/(\d+)\s*$/.exec(text ?? '')?.[1]);
      if (counted !== events) throw new Error(`lnav counted ${counted} of ${events} events: ${(text ?? '').slice(0, 300)}`);
      return { seconds, bytes: 0 };
    },
  };
}

const DUCKDB = `
import sys, time, json, os, duckdb
if len(sys.argv) == 1:
    print(duckdb.__version__); sys.exit()
source, target = sys.argv[1:]
con = duckdb.connect(target)
# Standard output is the answer alone.
con.execute("SET enable_progress_bar = false")
begun = time.perf_counter()
con.execute("CREATE TABLE events AS SELECT * FROM read_json_auto('" + source.replace("'", "''") + "')")
con.execute("CHECKPOINT")
seconds = time.perf_counter() - begun
count = con.execute("SELECT count(*) FROM events").fetchone()[0]
con.close()
print(json.dumps({"seconds": seconds, "events": count, "bytes": os.path.getsize(target)}))
`;

/** null when Python has no duckdb package. JSON lines only: it knows neither syslog nor access logs. */
export async function duckdb(folder: string): Promise<Peer | null> {
  const version = await output('python3', ['-c', DUCKDB]);
  if (version === null) return null;
  return {
    name: 'DuckDB',
    version: version.trim(),
    async read(paths, events) {
      const target = path.join(folder, `peer-${process.pid}.duckdb`);
      try {
        const text = await output('python3', ['-c', DUCKDB, paths[0], target]);
        const answer = JSON.parse(text ?? '{}') as { seconds?: number; events?: number; bytes?: number };
        if (answer.events !== events || answer.seconds === undefined) throw new Error(`DuckDB stored ${answer.events} of ${events} events.`);
        return { seconds: answer.seconds, bytes: answer.bytes ?? 0 };
      } finally {
        for (const file of [target, `${target}.wal`]) fs.rmSync(file, { force: true });
      }
    },
  };
}

/** Standard output; null when the program is not there or failed. */
async function output(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? text : null));
  });
}
