import { useState } from 'react';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import type { Json } from './model.ts';
import classes from './detail.module.css';

/** Deeper levels and longer lists begin folded. */
const OPEN_LEVELS = 3;
const OPEN_ITEMS = 100;

/** A JSON value as an indented tree, built of text nodes from the parsed value: nothing in it can become markup. */
export function JsonTree({ value }: { value: Json }) {
  return <div className={classes.raw}><Node value={value} level={0} /></div>;
}

function Node({ value, level }: { value: Json; level: number }) {
  if (value === null || typeof value !== 'object') return <Scalar value={value} />;
  const entries: [string, Json][] = Array.isArray(value) ? value.map((item, index) => [String(index), item]) : Object.entries(value);
  return <Branch entries={entries} list={Array.isArray(value)} level={level} />;
}

function Branch({ entries, list, level }: { entries: [string, Json][]; list: boolean; level: number }) {
  const [open, setOpen] = useState(level < OPEN_LEVELS && entries.length <= OPEN_ITEMS);
  const [shown, setShown] = useState(OPEN_ITEMS);
  const [left, right] = list ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return <span className={classes.punctuation}>{left}{right}</span>;
  if (!open) {
    return <button type="button" className={classes.link} onClick={() => setOpen(true)}>{left} {formatCount(entries.length)} {entries.length === 1 ? 'item' : 'items'} {right}</button>;
  }
  return (
    <ul className={`${classes.tree} ${level === 0 ? classes.root : ''}`}>
      {entries.slice(0, shown).map(([key, item]) => (
        <li key={key}>
          <span className={classes.key}><SafeText text={key} fold={200} /></span><span className={classes.punctuation}>: </span><Node value={item} level={level + 1} />
        </li>
      ))}
      {entries.length > shown ? <li><button type="button" className={classes.link} onClick={() => setShown(shown + 500)}>{formatCount(entries.length - shown)} more</button></li> : null}
    </ul>
  );
}

function Scalar({ value }: { value: string | number | boolean | null }) {
  if (typeof value === 'string') return <SafeText text={value} fold={1000} />;
  return <span className={classes.punctuation}>{String(value)}</span>;
}
