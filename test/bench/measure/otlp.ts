/** How many log records a second the receiver of OTLP takes, over each of its protocols. */
import type { ChildProcess } from 'node:child_process';
import { sendLoad, type Sent } from './otlp-load.ts';
import type { Listening, ReceiveFigures } from './otlp-receive.ts';
import { count, megabytes, type Row } from './table.ts';

/** Seconds of load, and how many requests are under way at once: a Collector's ten. */
const SECONDS = 15;
const SENDERS = 10;
const PROMISED = 50_000;
const MEMORY = 700e6;

/** Runs the receiver in a process of its own on a new case; `told` hears what it says before its answer. */
export type Receive = (told: (child: ChildProcess, message: object) => void) => Promise<ReceiveFigures>;

/** Fails unless everything that was answered with success is stored, once. */
export async function measureOtlp(receive: Receive): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [protocol, name] of [['http', 'HTTP'], ['grpc', 'gRPC']] as const) {
    let sending: Promise<Sent> | undefined;
    const { stored, peakBytes, idleBytes, cpuSeconds } = await receive((child, message) => {
      if (!('listening' in message)) return;
      const { listening } = message as Listening;
      sending = sendLoad({ protocol, port: listening[protocol], seconds: SECONDS, senders: SENDERS }).finally(() => child.send('stop'));
    });
    if (!sending) throw new Error('The receiver of OTLP did not listen.');
    const { acknowledged, seconds, bytes, refused } = await sending;
    if (stored !== acknowledged) throw new Error(`${acknowledged} records were answered with success, ${stored} are stored.`);
    const value = acknowledged / seconds;
    rows.push(
      {
        what: `OTLP logs received over ${name}`, value, figure: `${count(value)}/s`, better: 'more', must: { value: PROMISED, text: `${count(PROMISED)}/s` },
        note: `${count(acknowledged)} sent, answered and stored in ${seconds.toFixed(0)} s, ${count(bytes / acknowledged)} B and ${((cpuSeconds / acknowledged) * 1e6).toFixed(1)} µs of processor each${refused > 0 ? `; ${refused} times told to wait` : ''}`,
      },
      { what: '  peak memory', value: peakBytes, figure: megabytes(peakBytes), better: 'less', must: { value: MEMORY, text: megabytes(MEMORY) }, note: `${megabytes(idleBytes)} before the first request` },
    );
  }
  return rows;
}
