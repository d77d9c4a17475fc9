/** Python's logging module as people configure it, Gunicorn, Celery, Loguru, OpenStack, VDSM. Tracebacks belong to their record. */
import { lineFormat, timeFirst } from './lib/line-format.ts';
import { orMatches, pattern } from './lib/pattern-parts.ts';

const BASIC = pattern(String.raw`^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<service>[\w.-]+):(?<message>.*)`);
const VDSM = pattern(String.raw`^(?<thread>[\w-]+)::(?<level>{LEVEL})::(?<time>{ISO})::(?<module>[^:]*)::(?<line>\d+)::(?<service>[^:]*)::(?:\((?<function>\w+)\) ?)?(?<message>.*)`);
const UVICORN = pattern(String.raw`^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL): {5,9}(?:(?<ip>[0-9a-f.:]+):\d+ - "(?<method>[A-Z]+) (?<url>\S+) HTTP/[\d.]+" (?<status>\d{3})|(?<message>.*))`);

export const python = lineFormat({
  id: 'python',
  title: 'Python log',
  description: "Python's logging module, Gunicorn, Uvicorn, Celery, Loguru, OpenStack and VDSM; tracebacks are kept together.",
  what: 'lines of a Python logger: time, name, level',
  weight: 0.92,
  least: 0.02,
  starts: orMatches(timeFirst(), (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122), [BASIC, VDSM, UVICORN]),
  patterns: [
    pattern(String.raw`^(?<time>{ISO}) - (?<service>[\w.<>-]+) - (?<level>{LEVEL}) - (?:\[(?<where>[^\]]*)\] - )?(?<message>.*)`),
    pattern(String.raw`^(?<time>{ISO}) - (?<level>{LEVEL}) - (?<message>.*)`),
    pattern(String.raw`^\[(?<time>{ISO})\] \[(?<pid>\d+)\] \[(?<level>{LEVEL})\] (?<message>.*)`),
    pattern(String.raw`^\[(?<time>{ISO}): (?<level>{LEVEL})/(?<process>[\w-]+)\] (?:(?<service>[\w.]+)(?:\[(?<task_id>[^\]]+)\])?: )?(?<message>.*)`),
    pattern(String.raw`^(?<time>{ISO}) \| (?<level>{LEVEL}|SUCCESS) +\| (?<service>[\w.<>]+):(?<function>[\w<>]+):(?<line>\d+) - (?<message>.*)`),
    pattern(String.raw`^(?<time>{ISO}) (?<pid>\d+) (?<level>{LEVEL}) (?<service>[\w.]+) \[(?<context>[^\]]*)\] ?(?<message>.*)`),
    VDSM,
    UVICORN,
    BASIC,
  ],
  samples: [
    { record: '2026-05-01 12:00:00,123 - shop.cart - ERROR - it broke\nTraceback (most recent call last):\n  File "x.py", line 1, in y\nValueError: no', time: '2026-05-01T12:00:00.123000Z', severity: 'high', message: 'it broke\nTraceback (most recent call last):\n  File "x.py", line 1, in y\nValueError: no', fields: { service: 'shop.cart', level: 'ERROR' } },
    { record: '2026-05-01 12:00:00,123 - INFO - plain', message: 'plain', severity: 'info' },
    { record: '[2026-05-01 12:00:00 +0200] [7] [INFO] Starting gunicorn 22.0.0', time: '2026-05-01T10:00:00.000000Z', message: 'Starting gunicorn 22.0.0', attributes: { pid: 7 } },
    { record: '[2026-05-01 12:00:00,123: WARNING/MainProcess] celery.worker[ab-1]: slow', severity: 'medium', message: 'slow', fields: { service: 'celery.worker' }, attributes: { task_id: 'ab-1' } },
    { record: '2026-05-01 12:00:00.123 | SUCCESS  | app.main:run:12 - done', severity: 'info', message: 'done', fields: { service: 'app.main' }, attributes: { line: 12 } },
    { record: '2026-05-01 12:00:00.123 2931 INFO nova.osapi.server [req-38101a0b] 10.11.10.1 "GET /v2"', message: '10.11.10.1 "GET /v2"', fields: { service: 'nova.osapi.server' } },
    { record: 'MainThread::ERROR::2011-12-05 07:04:56,300::vdsm::74::vds::(run) Traceback (most recent call last):\nFile "/usr/share/vdsm/vdsm", line 72, in run\nlibvirtError: Failed', time: '2011-12-05T07:04:56.300000Z', severity: 'high', fields: { service: 'vds' }, attributes: { function: 'run', line: 74 } },
    { record: 'INFO:     127.0.0.1:50001 - "GET /health HTTP/1.1" 200 OK', time: null, fields: { ip: '127.0.0.1', url: '/health' }, numbers: { status: 200 } },
    { record: 'WARNING:root:low on ice', time: null, severity: 'medium', message: 'low on ice', fields: { service: 'root' } },
  ],
});
