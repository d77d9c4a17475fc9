import { useMemo, useState } from 'react';
import { splitUnsafe } from './safe-text-parts.ts';
import { formatCount } from './numbers.ts';
import classes from './safe-text.module.css';

interface SafeTextProps {
  text: string;
  /** characters shown before it folds; Infinity for never (the caller has bounded it) */
  fold?: number;
  /** one line: line breaks and tabs become marks, no 'show all' (list rows) */
  inline?: boolean;
  /** [from, to) stretches of the text to mark as hits, sorted */
  hits?: readonly { from: number; to: number }[];
}
const FOLD = 2_000;
/** A single text node of many megabytes stalls layout; more than this is not drawn even after 'show all'. */
const MOST = 200_000;

/** Text from data: never HTML; what would hide, reorder or control is shown as a mark; very long text is folded. */
export function SafeText({ text, fold = FOLD, inline = false, hits }: SafeTextProps) {
  const [all, setAll] = useState(false);
  const limit = Math.min(all ? MOST : fold, MOST);
  const cut = text.length > limit;
  const shown = cut ? text.slice(0, limit) : text;
  const pieces = useMemo(() => cutAtHits(shown, hits), [shown, hits]);
  return (
    <bdi className={inline ? classes.inline : classes.block}>
      {pieces.map((piece, index) => (piece.hit ? <mark key={index} className={classes.hit}><Parts text={piece.text} inline={inline} /></mark> : <Parts key={index} text={piece.text} inline={inline} />))}
      {cut && inline ? '…' : null}
      {cut && !inline ? (
        <>
          {'… '}
          <button type="button" className={classes.more} onClick={() => setAll(true)} disabled={all}>
            {all ? `${formatCount(text.length - limit)} more characters are not drawn; copy to get them` : `show all ${formatCount(text.length)} characters`}
          </button>
        </>
      ) : null}
    </bdi>
  );
}

function cutAtHits(text: string, hits: SafeTextProps['hits']): { text: string; hit: boolean }[] {
  if (!hits || hits.length === 0) return [{ text, hit: false }];
  const pieces: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const { from, to } of hits) {
    if (from < at || from >= text.length) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), hit: false });
    pieces.push({ text: text.slice(from, to), hit: true });
    at = Math.min(to, text.length);
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}

function Parts({ text, inline }: { text: string; inline: boolean }) {
  const parts = useMemo(() => splitUnsafe(text), [text]);
  return parts.map((part, index) => {
    if (part.kind !== 'text') return <span key={index} className={classes[part.kind]} title={part.title}>{part.text}</span>;
    return inline ? part.text.replaceAll('\r\n', '⏎ ').replaceAll('\n', '⏎ ').replaceAll('\t', '  ') : part.text;
  });
}
