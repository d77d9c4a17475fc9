/** Sequences that matter in most cases. Wordings are those of OpenSSH, sudo, PAM and Windows; event ids are Microsoft's of the Security log. */
import type { StoredSequenceRule } from '../../../../shared/contract/correlation.ts';

/**
 * Events of Windows by their ids. Only formats that carry them are asked, and the ids are in quotes, because a number may be written in several ways: then
 * whole blocks are ruled out without reading their records.
 */
const windows = (...ids: number[]): string => `(format:(evtx OR json OR jsonl) EventID:(${ids.map((id) => `"${id}"`).join(' OR ')}))`;

export const FAILED_LOGIN = `"failed password" OR "authentication failure" OR "invalid user" OR "login failed" OR "failed login" OR ${windows(4625)}`;
const LOGIN = `"accepted password" OR "accepted publickey" OR "session opened for user" OR "login succeeded" OR ${windows(4624)}`;

const step = (query: string, least = 1, absent = false): StoredSequenceRule['steps'][number] => ({ query, least, absent });
const rule = (id: number, title: string, kind: StoredSequenceRule['kind'], severity: StoredSequenceRule['severity'], by: string, within: number, steps: StoredSequenceRule['steps']): StoredSequenceRule => ({
  id, title, kind, severity, by, within, steps, enabled: true, createdBy: '',
});

export const BUILT_IN_SEQUENCES: readonly StoredSequenceRule[] = [
  rule(-1, 'Failed logins, then a login from the same address', 'security', 'critical', 'ip', 600, [step(FAILED_LOGIN, 5), step(LOGIN)]),
  rule(-2, 'Many failed logins from one address', 'security', 'high', 'ip', 300, [step(FAILED_LOGIN, 20)]),
  rule(-3, 'Failed logins, then a login of the same user', 'security', 'high', 'user', 600, [step(FAILED_LOGIN, 5), step(LOGIN)]),
  rule(-4, 'A user was made and put into a group', 'security', 'high', 'host', 3600, [step(`"new user" OR ${windows(4720)}`), step(`"to group" OR ${windows(4728, 4732, 4756)}`)]),
  rule(-5, 'Something known to be bad, then work on the same host', 'security', 'high', 'host', 1800, [step('has:threat'), step(`sudo OR ${windows(4688, 7045, 4698)}`)]),
  rule(-6, 'A log was cleared or its audit was changed', 'compliance', 'critical', 'host', 60, [step(`"audit log was cleared" OR "auditd is stopping" OR (format:auditd type:DAEMON_END) OR ${windows(1102, 4719, 104)}`)]),
  rule(-7, 'Use of rights of the administrator without a login before', 'compliance', 'medium', 'user', 3600, [step(LOGIN, 1, true), step(`sudo "command=" OR ${windows(4672)}`)]),
  rule(-8, 'A service was started again without a change on the record', 'compliance', 'low', 'service', 3600, [step('signal:(git OR ci)', 1, true), step(`"server started" OR "starting up" OR "service started" OR ${windows(7036)}`)]),
  rule(-9, 'Slow, then failing', 'performance', 'high', 'service', 300, [step('latency_ms>1000', 5), step('status>=500 OR severity:critical', 3)]),
  rule(-10, 'Retried again and again', 'cost', 'medium', 'service', 60, [step('retry OR retrying OR retries OR "try again"', 30)]),
];
