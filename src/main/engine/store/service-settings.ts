/** What a case calls healthy and what its services promise: a row of meta, the defaults where there is none. */
import { serviceSettings, type ServiceSettings } from '../../../shared/contract/services.ts';
import type { Database } from './database.ts';

const KEY = 'services';

export function readServiceSettings(db: Database): ServiceSettings {
  const text = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(KEY);
  if (text === undefined) return serviceSettings.parse({});
  try {
    const read = serviceSettings.safeParse(JSON.parse(text));
    return read.success ? read.data : serviceSettings.parse({});
  } catch {
    // Only a damaged case holds what is no JSON; the defaults are as good as any.
    return serviceSettings.parse({});
  }
}
export function writeServiceSettings(db: Database, settings: ServiceSettings): void {
  db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(KEY, JSON.stringify(settings));
}
