/** What the shell remembers between starts: the theme and where the window was. Everything about data is in the case. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './atomic-write.ts';

const bounds = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Bounds = z.infer<typeof bounds>;
const settings = z.object({
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  bounds: bounds.nullable().catch(null),
  maximised: z.boolean().catch(false),
});
type Settings = z.infer<typeof settings>;
const DEFAULTS: Settings = { theme: 'system', bounds: null, maximised: false };

export interface SettingsFile {
  get(): Settings;
  set(change: Partial<Settings>): void;
}

/** Opens the settings; a missing or damaged file means the defaults, for they are only a convenience. */
export function openSettings(file: string, onError: (error: unknown) => void): SettingsFile {
  let current = DEFAULTS;
  try {
    current = settings.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error);
  }
  return {
    get: () => current,
    set(change) {
      current = { ...current, ...change };
      try {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        writeAtomically(file, JSON.stringify(current, null, 2));
      } catch (error) {
        onError(error);
      }
    },
  };
}
