/** What the rooms of the engine share. */
import type { OpenCase } from './open-case.ts';

export interface EngineOptions {
  /** recent cases, declared formats */
  dataDir: string;
  /** where parse.js and query.js lie when the engine is bundled */
  workerDir?: URL | string;
  toolVersion: string;
  user: string;
  /**
   * Start the workers of a case when it is opened, so that the first file and the first question need not wait for them; else each
   * kind is started when it is first needed, as suits the command line.
   */
  startWorkersEarly?: boolean;
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

