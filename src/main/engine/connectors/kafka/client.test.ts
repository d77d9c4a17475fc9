import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('finds all of kafkajs in Node itself, which knows fewer of its names than the test runner', () => {
  const config = { brokers: ['127.0.0.1:1'], topics: ['t'], group: '', start: 'beginning', format: '', tls: false, ca: '', sasl: 'none', user: '', password: '', batch: 100, wait: 10 };
  const program = `const { client } = await import(${JSON.stringify(new URL('./client.ts', import.meta.url).href)}); console.log(typeof (await client(${JSON.stringify(config)})).consumer);`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim()).toBe('function');
});
