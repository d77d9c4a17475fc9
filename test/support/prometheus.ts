/** A real Prometheus that scrapes itself each second, where one is installed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const prometheusInstalled = spawnSync('prometheus', ['--version']).status === 0;
if (!prometheusInstalled) console.warn('prometheus is not installed: what reads from it is not tried against the real one (Debian: apt-get install prometheus)');

export class Prometheus {
  readonly url: string;
  readonly #folder: string;
  readonly #port = 20_000 + Math.floor(Math.random() * 20_000);
  #server: ChildProcess | null = null;

  private constructor(folder: string) {
    this.#folder = path.join(folder, 'prometheus');
    this.url = `http://127.0.0.1:${this.#port}`;
    fs.mkdirSync(this.#folder);
    fs.writeFileSync(path.join(this.#folder, 'p.yml'), `global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: self\n  static_configs:\n  - targets: ['127.0.0.1:${this.#port}']\n`);
  }

  /** Resolves when it has scraped something. */
  static async start(folder: string): Promise<Prometheus> {
    const one = new Prometheus(folder);
    one.run();
    for (let i = 0; i < 200 && Number((await one.query('sum(scrape_samples_scraped)'))[0] ?? 0) === 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
    return one;
  }

  run(): void {
    this.#server = spawn('prometheus', [`--config.file=${path.join(this.#folder, 'p.yml')}`, `--storage.tsdb.path=${path.join(this.#folder, 'data')}`, `--web.listen-address=127.0.0.1:${this.#port}`], { stdio: 'ignore' });
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise<void>((resolve) => (server.once('exit', () => resolve()), server.kill('SIGKILL')));
  }

  /** The values of an instant query; none when it does not answer. */
  async query(text: string): Promise<string[]> {
    const reply = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(text)}`).then(async (response) => (await response.json()) as { data: { result: { value: [number, string] }[] } }, () => null);
    return reply?.data.result.map(({ value }) => value[1]) ?? [];
  }
}
