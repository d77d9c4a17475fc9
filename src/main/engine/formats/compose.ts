/** What docker compose prints: the service's name before every line, with -t the time too. */
import { lineFormat } from './lib/line-format.ts';
import { pattern } from './lib/pattern-parts.ts';

export const compose = lineFormat({
  id: 'compose',
  title: 'Docker Compose output',
  description: 'docker compose logs: "service | line", with or without times, with structured lines inside.',
  what: '"service | line" as Docker Compose prints them',
  weight: 0.85,
  starts: 'line',
  patterns: [
    pattern(String.raw`^(?<service>[A-Za-z][\w.-]*) +\| (?<message>\{(?=.*?"level": ?"(?<level>\w+)")(?=.*?"(?:ts|time|timestamp|@timestamp)": ?"?(?<time>\d{10}[\d.]*|{ISO})).*)`),
    pattern(String.raw`^(?<service>[A-Za-z][\w.-]*) +\| (?<message>\{(?=.*?"(?:ts|time|timestamp|@timestamp)": ?"?(?<time>\d{10}[\d.]*|{ISO})).*)`),
    pattern(String.raw`^(?<service>[A-Za-z][\w.-]*) +\| (?<time>{ISO})(?: +(?<message>(?:(?<level>{LEVEL}): )?.*))?`),
    pattern(String.raw`^(?<service>[A-Za-z][\w.-]*) +\|(?: (?<message>(?:(?<level>{LEVEL}): )?.*))?$`),
  ],
  samples: [
    { record: '\u001b[2Kweb-1  | 2024-04-25T05:32:35.600215839Z \u001b[31m\u001b[1mWARNING: This is a development server.\u001b[0m', time: '2024-04-25T05:32:35.600215Z', severity: 'medium', message: 'WARNING: This is a development server.', fields: { service: 'web-1' } },
    { record: 'web-1  |  * Serving Flask app', time: null, fields: { service: 'web-1' }, message: ' * Serving Flask app' },
    // alone, a JSON line is the JSON lines format's
    { record: 'web-1  | listening\ncaddy  | {"level":"warn","ts":1761019822.3152757,"msg":"slow"}', time: '2025-10-21T04:10:22.315275Z', severity: 'medium', message: '{"level":"warn","ts":1761019822.3152757,"msg":"slow"}', fields: { service: 'caddy' } },
  ],
});
