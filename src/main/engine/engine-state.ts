/** What the rooms of the engine share. */
import type { OpenCase } from './open-case.ts';

export interface EngineOptions {
  /** recent cases, declared formats */
  dataDir: string;
  /** where parse.js and query.js lie when the engine is bundled */
  workerDir?: URL | string;
  toolVersion: string;
  user: string;
}
/** What the rooms share. */
export interface EngineState {
  options: EngineOptions;
  /** the open case; throws no_case when there is none */
  current(): OpenCase;
  peek(): OpenCase | null;
  /** closes what is open and takes this instead */
  replace(next: OpenCase | null): Promise<void>;
  push(name: string, value: unknown): void;
  startedAt: number;
}

