/** Has the Electron runtime print a report: Node cannot. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { TidemarkError } from '../../shared/contract/rpc.ts';

/** How to start the desktop application: the command and what stands before its own arguments. */
export interface Launch {
  command: string;
  args: string[];
}
const launch = z.object({ command: z.string().min(1), args: z.array(z.string()) });
const printed = z.object({ bytes: z.number(), pages: z.number() });

/**
 * The installed command line is the application itself run as Node, so its own executable prints. From a clone,
 * build/tidemark.mjs says in TIDEMARK_ELECTRON (JSON: {"command","args"}) how to start it.
 */
export function findLaunch(env: NodeJS.ProcessEnv, electron: string | undefined, execPath: string): Launch | null {
  if (env.TIDEMARK_ELECTRON) return launch.parse(JSON.parse(env.TIDEMARK_ELECTRON));
  return electron === undefined ? null : { command: execPath, args: [] };
}

/** Without a display the runtime is put on a virtual one, where there is a way to make it. */
export function onDisplay(given: Launch, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, exists: (file: string) => boolean): Launch {
  if (platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY) return given;
  const xvfb = (env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'xvfb-run')).find(exists);
  if (!xvfb) {
    throw new TidemarkError('invalid_input', 'A PDF is printed by the Electron runtime, and there is no display and no xvfb-run here (apt-get install xvfb). Or write the report as .html and print that.');
  }
  return { command: xvfb, args: ['-a', given.command, ...given.args] };
}

export async function printToPdf(html: string, file: string, title: string, signal: AbortSignal): Promise<{ bytes: number; pages: number }> {
  const found = findLaunch(process.env, process.versions.electron, process.execPath);
  if (!found) throw new TidemarkError('invalid_input', 'A PDF is printed by the Electron runtime. Use `npm run -s tidemark`, the installed `tidemark`, or the window; or write the report as .html and print that.');
  const { command, args } = onDisplay(found, process.env, process.platform, fs.existsSync);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-report-'));
  try {
    const page = path.join(folder, 'report.html');
    fs.writeFileSync(page, html, { mode: 0o600 });
    const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
    const child = spawn(command, [...args, '--pdf-job', '--html', page, '--out', file, '--title', title || 'Report'], { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-20_000)));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const line = out.split('\n').find((text) => text.startsWith('{'));
    if (code === 0 && line) return printed.parse(JSON.parse(line));
    // Chromium's own chatter starts with [pid:date/time...]; what is left is ours.
    const reason = errors.split('\n').filter((text) => text.trim() !== '' && !text.startsWith('[')).pop() ?? '';
    throw new TidemarkError('internal', `The PDF could not be printed (${reason || `the Electron runtime ended with code ${code}`}). Write the report as .html and print that.`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
