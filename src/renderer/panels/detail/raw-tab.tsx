import { useMemo } from 'react';
import { FLAG } from '../../../shared/event.ts';
import type { EventDetail } from '../../../shared/event.ts';
import { exactBytes } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { copyText } from './copy.ts';
import { JsonTree } from './json-tree.tsx';
import { parseJson } from './model.ts';
import classes from './detail.module.css';

interface RawTabProps {
  event: EventDetail;
  wrap: boolean;
  pretty: boolean;
  onChange(change: { wrap?: boolean; pretty?: boolean }): void;
}

/** The record as it was read. */
export function RawTab({ event, wrap, pretty, onChange }: RawTabProps) {
  const json = useMemo(() => parseJson(event.raw), [event.raw]);
  return (
    <>
      <div className={classes.tools}>
        <button type="button" className={classes.action} aria-pressed={wrap} onClick={() => onChange({ wrap: !wrap })}>Wrap</button>
        {json === undefined ? null : <button type="button" className={classes.action} aria-pressed={pretty} title="As a tree; the order of keys is the record's" onClick={() => onChange({ pretty: !pretty })}>As a tree</button>}
        <button type="button" className={classes.action} onClick={() => copyText(event.raw, 'Raw record')}>Copy</button>
        <span className={classes.about}>{exactBytes(event.provenance.length)}{event.flags & FLAG.BAD_UTF8 ? ', not all of it UTF-8' : ''}</span>
      </div>
      {json !== undefined && pretty ? <JsonTree value={json} /> : <div className={classes.raw} data-wrap={wrap}><SafeText text={event.raw} fold={20_000} /></div>}
    </>
  );
}
