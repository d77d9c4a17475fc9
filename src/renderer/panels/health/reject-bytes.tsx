import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { exactBytes, formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { ErrorState } from '../../ui/states.tsx';
import classes from './health.module.css';

/** So many bytes are sent for the view of bytes. */
const HEX_BYTES = 4096;

/** Sixteen bytes a line: offset, hex, and the characters where they are printable. */
export function hexLines(hex: string): string {
  const bytes = (hex.match(/[0-9a-fA-F]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    const shown = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${shown.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}

/** One rejected record, whole: as text or as bytes. */
export function RejectBytes({ id }: { id: number }) {
  const [chosen, setAs] = useState<string | null>(null);
  const reject = useAsk(['rejects.get', id], (signal) => engine.rejects.get({ id }, { signal }), { on: ['rejects'] });
  if (reject.error) return <ErrorState error={reject.error} doing="Reading the record" retry={reject.retry} />;
  if (!reject.data) return <div />;
  const { reason, path, offset, length, attempts, text, hex, kept, binary } = reject.data;
  const as = chosen ?? (binary ? 'hex' : 'text');
  return (
    <div className={classes.bytes}>
      <p className={classes.reason}>{reason}</p>
      <p className="dim">{path}, {offset === null ? 'in no file' : `byte ${formatCount(offset)}`}, {exactBytes(length)}{kept < length ? ` of which the first ${formatCount(kept)} are kept` : ''}, tried {formatCount(attempts)} {attempts === 1 ? 'time' : 'times'}</p>
      {kept === 0 ? <p className="dim">Nothing of it is kept: the place says all there is to know.</p> : null}
      <SegmentedControl aria-label="Show as" value={as} onChange={setAs} data={[{ value: 'text', label: 'Text' }, { value: 'hex', label: 'Bytes' }]} />
      <pre className={`mono ${classes.dump}`} tabIndex={0}>{as === 'text' ? <SafeText text={text} /> : hexLines(hex)}</pre>
      {as === 'hex' && kept > HEX_BYTES ? <p className="dim">The first {formatCount(HEX_BYTES)} bytes are shown.</p> : null}
    </div>
  );
}
