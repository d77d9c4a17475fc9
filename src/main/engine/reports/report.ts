/** What a kind of report is: data in a shape of its own, and a page made from that data alone. */
import type { EngineHandlers } from '../../../shared/contract/index.ts';

/** The questions a report may ask; nothing else is open to it. */
export type ReportQuestions = Pick<EngineHandlers, 'events' | 'investigations' | 'cases' | 'health'>;

export interface ReportContext {
  signal: AbortSignal;
  toolVersion: string;
  /** who makes the report */
  user: string;
  /** microseconds UTC */
  now: number;
}

export interface ReportKind<Input, Data> {
  id: string;
  title: string;
  /** Gathers everything the report says. */
  collect(ask: ReportQuestions, input: Input, context: ReportContext): Promise<Data>;
  /** One self-contained HTML page: no script, nothing remote, all data escaped. `zone` is an IANA name. */
  html(data: Data, zone: string): string;
}
