/** The package manager's log of Debian and its descendants (/var/log/dpkg.log). */
import { lineFormat } from './lib/line-format.ts';
import { pattern } from './lib/pattern-parts.ts';

export const dpkg = lineFormat({
  id: 'dpkg',
  title: 'dpkg log',
  description: 'What the Debian package manager installed, upgraded and removed.',
  what: '"time action package version" as dpkg writes them',
  weight: 0.97,
  starts: 'line',
  patterns: [
    pattern(String.raw`^(?<time>{ISO}) (?<message>(?<action>status) (?<state>\S+) (?<package>\S+) (?<version>\S+))`),
    pattern(String.raw`^(?<time>{ISO}) (?<message>(?<action>startup) (?<scope>archives|packages) (?<command>\S+))`),
    pattern(String.raw`^(?<time>{ISO}) (?<message>(?<action>install|upgrade|configure|trigproc|disappear|remove|purge) (?<package>\S+) (?<installed>\S+) (?<available>\S+))`),
    pattern(String.raw`^(?<time>{ISO}) (?<message>(?<action>conffile) (?<file>\S+) (?<decision>\S+))`),
  ],
  samples: [
    { record: '2026-05-01 12:00:00 status half-configured libc6:amd64 2.36-9', time: '2026-05-01T12:00:00.000000Z', message: 'status half-configured libc6:amd64 2.36-9', attributes: { action: 'status', package: 'libc6:amd64', version: '2.36-9' } },
    { record: '2026-05-01 12:00:00 startup archives unpack', attributes: { command: 'unpack' } },
    { record: '2026-05-01 12:00:00 install nmap:amd64 <none> 7.93', attributes: { action: 'install', package: 'nmap:amd64', available: '7.93' } },
    { record: '2026-05-01 12:00:00 conffile /etc/ssh/sshd_config keep', attributes: { file: '/etc/ssh/sshd_config', decision: 'keep' } },
  ],
});
