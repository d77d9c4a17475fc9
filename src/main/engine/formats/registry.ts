/**
 * Every format of the product, special before general. A new format is a file and a line here; formats.test.ts then checks it.
 */
import type { Format } from './format.ts';
import { access } from './access.ts';
import { apacheError } from './apache-error.ts';
import { auditd } from './auditd.ts';
import { bgl } from './bgl.ts';
import { cef } from './cef.ts';
import { compose } from './compose.ts';
import { cri } from './cri.ts';
import { csv } from './csv.ts';
import { csvSpans } from './csv-spans.ts';
import { datadogTrace } from './datadog-trace.ts';
import { dmesg } from './dmesg.ts';
import { dpkg } from './dpkg.ts';
import { evtx } from './evtx.ts';
import { generic } from './generic.ts';
import { git } from './git.ts';
import { githubActions } from './github-actions.ts';
import { githubPush } from './github-push.ts';
import { gitlabCi } from './gitlab-ci.ts';
import { go } from './go.ts';
import { goTest } from './go-test.ts';
import { haproxy } from './haproxy.ts';
import { httpJson } from './http-json.ts';
import { jaeger } from './jaeger.ts';
import { java } from './java.ts';
import { journald } from './journald.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { junit } from './junit.ts';
import { leef } from './leef.ts';
import { logcat } from './logcat.ts';
import { logfmt } from './logfmt.ts';
import { mysqlError } from './mysql-error.ts';
import { mysqlSlow } from './mysql-slow.ts';
import { newrelicTrace } from './newrelic-trace.ts';
import { nginxError } from './nginx-error.ts';
import { node } from './node.ts';
import { nunit } from './nunit.ts';
import { otlp } from './otlp.ts';
import { otlpLogs } from './otlp-logs.ts';
import { postgres } from './postgres.ts';
import { python } from './python.ts';
import { redis } from './redis.ts';
import { rfc3164 } from './rfc3164.ts';
import { rfc5424 } from './rfc5424.ts';
import { shellHistory } from './shell-history.ts';
import { stateDump } from './state-dump.ts';
import { strace } from './strace.ts';
import { syslog } from './syslog.ts';
import { tcf } from './tcf.ts';
import { testReport } from './test-report.ts';
import { text } from './text.ts';
import { trx } from './trx.ts';
import { typed } from './typed.ts';
import { uwsgi } from './uwsgi.ts';
import { w3c } from './w3c.ts';
import { zeek } from './zeek.ts';
import { zipkin } from './zipkin.ts';

export const formats: readonly Format[] = [
  evtx,
  otlp,
  otlpLogs,
  jaeger,
  zipkin,
  datadogTrace,
  newrelicTrace,
  csvSpans,
  githubActions,
  githubPush,
  gitlabCi,
  goTest,
  testReport,
  junit,
  nunit,
  trx,
  jsonl,
  json,
  logfmt,
  zeek,
  w3c,
  csv,
  cef,
  leef,
  journald,
  haproxy,
  rfc5424,
  cri,
  auditd,
  access,
  nginxError,
  apacheError,
  dpkg,
  mysqlSlow,
  mysqlError,
  redis,
  postgres,
  uwsgi,
  logcat,
  bgl,
  strace,
  tcf,
  shellHistory,
  stateDump,
  rfc3164,
  python,
  java,
  go,
  node,
  dmesg,
  compose,
  git,
  syslog,
  httpJson,
  typed,
  generic,
  text,
];
