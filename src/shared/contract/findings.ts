/** What people say of findings. A mark holds for all findings that are alike, in every later run. */
import { z } from 'zod';
import { VERDICTS, type FindingMark } from '../finding.ts';
import { call } from './rpc.ts';

const text = z.string().max(2000);

export const findings = {
  /** Replaces what was said of its like before. */
  mark: call(z.object({ like: text.min(1), key: text, title: text, verdict: z.enum(VERDICTS), note: text.default('') })).returns<FindingMark>(),
  /** Takes a mark back. Throws not_found when there is none. */
  unmark: call(z.object({ id: z.number().int() })).returns<void>(),
  /** All that hold, newest first. */
  marks: call(z.object({})).returns<FindingMark[]>(),
};
