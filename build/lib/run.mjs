import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Result
 * @property {number} code exit code; 1 when it was ended by a signal or could not be started
 * @property {string} out
 * @property {string} err
 * @property {boolean} timedOut
 */

/**
 * Runs a program to its end and collects what it printed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, stop?: AbortSignal, inherit?: boolean, merge?: boolean }} [options]
 *   inherit: print straight to the terminal; merge: collect standard error into `out` in the order printed
 * @returns {Promise<Result>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let out = '';
    let err = '';
    let timedOut = false;
    child.stdout?.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      if (options.merge) out += text;
      else err += text;
    });
    const end = () => {
      timedOut = true;
      child.kill('SIGKILL');
    };
    const timer = options.timeout ? setTimeout(end, options.timeout) : undefined;
    options.stop?.addEventListener('abort', end, { once: true });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 1, out, err: err + error.message, timedOut });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, out, err, timedOut });
    });
  });
}

/**
 * Hands the terminal to a program and waits: its output, its input, its exit code, our signals.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limit?: number }} [options] limit: milliseconds, after which it is
 *   ended with everything it started
 * @returns {Promise<number>}
 */
export function handOver(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: 'inherit' });
    // The terminal sends Ctrl+C to the child as well: stay until it has put things away.
    const ignore = () => {};
    const pass = () => child.kill('SIGTERM');
    const timer = options.limit
      ? setTimeout(() => {
          process.stderr.write(`error: not done after ${Math.round((options.limit ?? 0) / 60_000)} minutes, ended\n`);
          killTree(child.pid);
        }, options.limit)
      : undefined;
    process.on('SIGINT', ignore);
    process.on('SIGTERM', pass);
    child.on('error', (error) => {
      process.stderr.write(`error: could not start ${command}: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Finds a program on the PATH. @param {string} name @returns {string | undefined} */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter).concat(['/usr/sbin', '/sbin'])) {
    if (!folder) continue;
    for (const ending of process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']) {
      const file = path.join(folder, name + ending);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

/** Whether a process still lives. @param {number} pid */
export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Ends a process and its descendants: a test that loops for ever hears no polite request. @param {number | undefined} pid */
function killTree(pid) {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    ask('taskkill', ['/PID', String(pid), '/T', '/F']);
    return;
  }
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const line of ask('ps', ['-A', '-o', 'pid=,ppid=']).split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  for (const member of family) {
    try {
      process.kill(member, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

/** Asks a short question synchronously; empty when the program is missing or fails. @param {string} command @param {string[]} args */
export function ask(command, args) {
  const answer = spawnSync(command, args, { encoding: 'utf8', windowsHide: true });
  return answer.status === 0 ? answer.stdout : '';
}
