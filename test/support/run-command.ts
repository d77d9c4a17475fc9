/** Commands that read a file and need no case, as tests run them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { parseArguments } from '../../src/main/cli/arguments.ts';
import type { Command, CommandContext } from '../../src/main/cli/command.ts';

export interface CommandRun {
  code: number;
  /** standard output; JSON one value a line */
  out: string;
  notes: string[];
}

/**
 * Runs a command on a file of that name and content in a folder of the test's own, gone after all tests; null = there is no such file.
 * Call it at the top of a test file.
 */
export function commandOnFile(command: Command): (name: string, content: string | null, ...words: string[]) => Promise<CommandRun> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `tidemark-${command.name}-`));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return async (name, content, ...words) => {
    const file = path.join(folder, name);
    fs.rmSync(file, { force: true });
    if (content !== null) fs.writeFileSync(file, content);
    const args = parseArguments([file, ...words], command.options);
    let out = '';
    const notes: string[] = [];
    const context: CommandContext = {
      engine: () => {
        throw new Error('no case is needed');
      },
      out: { text: async (text) => void (out += text), json: async (value) => void (out += `${JSON.stringify(value)}\n`), end: async () => undefined },
      note: (text) => notes.push(text), progress: () => undefined, signal: new AbortController().signal, json: args.switches.has('json'), now: 0,
    };
    return { code: await command.run(args, context), out, notes };
  };
}
