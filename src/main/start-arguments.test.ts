import { describe, expect, it } from 'vitest';
import { parseStart, startOf, StartError } from './start-arguments.ts';

const CWD = '/home/me';
const APP = '/opt/clone';

describe('parseStart', () => {
  it('takes paths relative to the folder the person is in, and no path for the application itself', () => {
    expect(parseStart(['electron', '--no-sandbox', APP, 'logs', '/var/log/syslog'], CWD, APP)).toEqual({ kind: 'window', case: '', paths: ['/home/me/logs', '/var/log/syslog'] });
    expect(parseStart(['tidemark', 'logs'], CWD, '')).toEqual({ kind: 'window', case: '', paths: ['/home/me/logs'] });
  });

  it('passes over switches of Chromium and Node, wherever they stand', () => {
    expect(parseStart(['electron', '--inspect=0', '--remote-debugging-port=0', '--no-sandbox', APP, '--user-data-dir=/tmp/x'], CWD, APP)).toEqual({ kind: 'window', case: '', paths: [] });
  });

  it('opens a case rather than reading it', () => {
    expect(parseStart(['tidemark', 'Outage.TIDEMARK'], CWD, '')).toEqual({ kind: 'window', case: '/home/me/Outage.TIDEMARK', paths: [] });
    expect(startOf(['/a.log', '/x.tidemark', '/y.tidemark'])).toEqual({ kind: 'window', case: '/y.tidemark', paths: [] });
  });

  it('takes everything after -- as a path', () => {
    expect(parseStart(['electron', APP, '--headless-job', '--out', 'o', '--', '--weird', 'b'], CWD, APP)).toEqual({ kind: 'ingest', out: '/home/me/o', paths: ['/home/me/--weird', '/home/me/b'] });
  });

  it('reads a second mention of its own folder as a folder to read', () => {
    expect(parseStart(['electron', APP, APP], CWD, APP)).toMatchObject({ paths: [APP] });
  });

  it('reads a PDF job', () => {
    expect(parseStart(['electron', APP, '--pdf-job', '--html', 'r.html', '--out', '/x/r.pdf', '--title', 'A -- B'], CWD, APP)).toEqual({ kind: 'pdf', html: '/home/me/r.html', out: '/x/r.pdf', title: 'A -- B' });
  });

  it.each([
    [['--headless-job', '--out', '/o']],
    [['--headless-job', '--', '/p']],
    [['--headless-job', '--out']],
    [['--pdf-job', '--html', '/h', '--out', '/o']],
  ])('refuses a job that lacks something: %j', (words) => {
    expect(() => parseStart(['electron', ...words], CWD, '')).toThrow(StartError);
  });
});
