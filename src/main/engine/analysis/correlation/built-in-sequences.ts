/** Sequences that matter in most cases. Wordings are those of OpenSSH, sudo, PAM and Windows; event ids are Microsoft's of the Security log. */
import type { StoredSequenceRule } from '../../../../shared/contract/correlation.ts';

const FAILED_LOGIN = '"failed password" OR "authentication failure" OR "invalid user" OR "login failed" OR "failed login" OR EventID:4625';
const LOGIN = '"accepted password" OR "accepted publickey" OR "session opened for user" OR "login succeeded" OR EventID:4624';

const step = (query: string, least = 1, absent = false): StoredSequenceRule['steps'][number] => ({ query, least, absent });
const rule = (id: number, title: string, kind: StoredSequenceRule['kind'], severity: StoredSequenceRule['severity'], by: string, within: number, steps: StoredSequenceRule['steps']): StoredSequenceRule => ({
  id, title, kind, severity, by, within, steps, enabled: true, createdBy: '',
});

export const BUILT_IN_SEQUENCES: readonly StoredSequenceRule[] = [
  rule(-1, 'Failed logins, then a login from the same address', 'security', 'critical', 'ip', 600, [step(FAILED_LOGIN, 5), step(LOGIN)]),
  rule(-2, 'Many failed logins from one address', 'security', 'high', 'ip', 300, [step(FAILED_LOGIN, 20)]),
  rule(-3, 'Failed logins, then a login of the same user', 'security', 'high', 'user', 600, [step(FAILED_LOGIN, 5), step(LOGIN)]),
  rule(-4, 'A user was made and put into a group', 'security', 'high', 'host', 3600, [step('EventID:4720 OR "new user"'), step('EventID:(4728 OR 4732 OR 4756) OR "to group"')]),
  rule(-5, 'Something known to be bad, then work on the same host', 'security', 'high', 'host', 1800, [step('has:threat'), step('EventID:(4688 OR 7045 OR 4698) OR sudo OR "COMMAND="')]),
  rule(-6, 'A log was cleared or its audit was changed', 'compliance', 'critical', 'host', 60, [step('EventID:(1102 OR 4719 OR 104) OR "audit log was cleared" OR "auditd is stopping" OR type:DAEMON_END')]),
  rule(-7, 'Use of rights of the administrator without a login before', 'compliance', 'medium', 'user', 3600, [step(LOGIN, 1, true), step('"COMMAND=" OR EventID:4672')]),
  rule(-8, 'A service was started again without a change on the record', 'compliance', 'low', 'service', 3600, [step('signal:(git OR ci)', 1, true), step('"server started" OR "starting up" OR "service started" OR EventID:7036')]),
  rule(-9, 'Slow, then failing', 'performance', 'high', 'service', 300, [step('latency_ms>1000', 5), step('status>=500 OR severity:critical', 3)]),
  rule(-10, 'Retried again and again', 'cost', 'medium', 'service', 60, [step('retry OR retrying OR retries OR "try again"', 30)]),
];
