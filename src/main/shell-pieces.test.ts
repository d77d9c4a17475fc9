/** The small parts of the shell that need no Electron to run. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from './atomic-write.ts';
import { createGrants } from './grants.ts';
import { createRestartPolicy } from './restart-policy.ts';
import { openSettings } from './settings.ts';
import { boundsOn, MIN_HEIGHT, MIN_WIDTH } from './window-bounds.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-shell-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('grants', () => {
  it('lets through what was chosen, however it is spelled, and nothing else', () => {
    const grants = createGrants();
    grants.add('/home/me/report.pdf');
    expect(grants.require('/home/me/x/../report.pdf')).toBe('/home/me/report.pdf');
    for (const other of ['/home/me/report.pdf.exe', '/home/me', '/etc/passwd', 'report.pdf', '']) {
      expect(() => grants.require(other)).toThrow(expect.objectContaining({ code: 'permission' }));
    }
  });

  it('does not take a relative path for a granted one', () => {
    const grants = createGrants();
    grants.add(path.resolve('report.pdf'));
    expect(() => grants.require('report.pdf')).toThrow(expect.objectContaining({ code: 'permission' }));
  });
});

describe('writeAtomically', () => {
  it('replaces the file and leaves nothing beside it', () => {
    const file = path.join(folder, 'a.txt');
    fs.writeFileSync(file, 'before');
    expect(writeAtomically(file, 'ä')).toBe(2);
    expect(fs.readFileSync(file, 'utf8')).toBe('ä');
    expect(fs.readdirSync(folder)).toEqual(['a.txt']);
  });

  it('keeps what was there when it cannot write', () => {
    const file = path.join(folder, 'folder');
    fs.mkdirSync(file);
    expect(() => writeAtomically(file, 'x')).toThrow();
    expect(fs.readdirSync(folder)).toEqual(['folder']);
    expect(() => writeAtomically(path.join(folder, 'missing', 'x'), 'x')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('settings', () => {
  it('remembers, and takes the defaults where there is nothing or nonsense', () => {
    const errors: unknown[] = [];
    const file = path.join(folder, 'deep', 'settings.json');
    openSettings(file, (error) => errors.push(error)).set({ theme: 'dark', bounds: { x: 1, y: 2, width: 3, height: 4 } });
    expect(openSettings(file, (error) => errors.push(error)).get()).toEqual({ theme: 'dark', bounds: { x: 1, y: 2, width: 3, height: 4 }, maximised: false });
    expect(errors).toEqual([]);
    fs.writeFileSync(file, '{"theme":"pink","bounds":{"x":"1"},"maximised":true}');
    expect(openSettings(file, (error) => errors.push(error)).get()).toEqual({ theme: 'system', bounds: null, maximised: true });
    fs.writeFileSync(file, '{"theme":');
    expect(openSettings(file, (error) => errors.push(error)).get().theme).toBe('system');
    expect(errors).toHaveLength(1);
  });
});

describe('restart policy', () => {
  it('waits longer each time and gives up at the fourth death within a minute', () => {
    let now = 0;
    const policy = createRestartPolicy(() => now);
    expect([policy.next(), policy.next(), policy.next(), policy.next()]).toEqual([0, 500, 2000, null]);
    now += 60_001;
    expect(policy.next()).toBe(0);
    expect(policy.next()).toBe(500);
    policy.reset();
    expect(policy.next()).toBe(0);
  });
});

describe('window bounds', () => {
  const laptop = { x: 0, y: 25, width: 1280, height: 775 };
  const second = { x: 1280, y: 0, width: 1920, height: 1080 };

  it('opens where the window was, also on a second screen', () => {
    const was = { x: 1400, y: 100, width: 1500, height: 900 };
    expect(boundsOn([laptop, second], was)).toEqual(was);
  });

  it('comes back when that screen is gone', () => {
    const bounds = boundsOn([laptop], { x: 1400, y: 100, width: 1500, height: 900 });
    expect(bounds.x).toBeGreaterThanOrEqual(0);
    expect(bounds.x + bounds.width).toBeLessThanOrEqual(1280);
  });

  it('always leaves the title bar within reach and keeps to the screen', () => {
    const whole = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(fc.record({ x: whole, y: whole, width: whole, height: whole }), (was) => {
        const bounds = boundsOn([laptop, second], was);
        const reachable = [laptop, second].some(
          (screen) => bounds.x < screen.x + screen.width && bounds.x + bounds.width > screen.x && bounds.y >= screen.y && bounds.y < screen.y + screen.height && bounds.width <= Math.max(screen.width, MIN_WIDTH),
        );
        expect(reachable).toBe(true);
        expect(bounds.width).toBeGreaterThanOrEqual(MIN_WIDTH);
        expect(bounds.height).toBeGreaterThanOrEqual(MIN_HEIGHT);
      }),
    );
  });
});
