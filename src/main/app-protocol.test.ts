import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_PAGE, appFiles, fileOf } from './app-protocol.ts';

describe('fileOf', () => {
  it('finds files of the page', () => {
    expect(fileOf('/page', APP_PAGE)).toBe('/page/index.html');
    expect(fileOf('/page', 'app://tidemark/assets/a%20b.js?x#y')).toBe('/page/assets/a b.js');
  });

  it.each([
    'app://tidemark/..%2f..%2fetc/passwd.html', 'app://tidemark/a%5c..%5cx.js', 'app://tidemark/x%00.js', 'app://tidemark/%zz.js', 'app://other/index.html',
    'file:///page/index.html', 'app://tidemark/', 'app://tidemark/case.tidemark', 'nonsense',
  ])('refuses %s', (url) => {
    expect(fileOf('/page', url)).toBeNull();
  });

  it('never leaves its folder', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '//', 'a', 'x.js', '%252e'), fc.string()), { maxLength: 12 }), (parts) => {
        const file = fileOf('/page/root', `app://tidemark/${parts.join('/')}`);
        if (file !== null) expect(path.relative('/page/root', file)).not.toMatch(/^\.\./);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('appFiles', () => {
  let root: string;
  beforeAll(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-page-'));
    fs.writeFileSync(path.join(root, 'index.html'), '<p>page</p>');
  });
  afterAll(() => fs.rmSync(root, { recursive: true }));

  it('serves with a policy that runs only its own scripts and reaches no network', async () => {
    const response = await appFiles(root)(new Request(APP_PAGE));
    expect(await response.text()).toBe('<p>page</p>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'none'");
  });

  it('answers 404 without a word about the disk', async () => {
    for (const request of [new Request('app://tidemark/missing.js'), new Request(APP_PAGE, { method: 'POST' })]) {
      const response = await appFiles(root)(request);
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('Not found');
    }
  });
});
