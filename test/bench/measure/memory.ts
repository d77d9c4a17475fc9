import fs from 'node:fs';

/** The highest resident memory of this process so far, bytes. Linux keeps the true peak; elsewhere it is what it is now. */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return peak ? Number(peak[1]) * 1024 : process.memoryUsage.rss();
}
