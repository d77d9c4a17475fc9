import { SafeText } from './safe-text.tsx';
import classes from './middle-cut.module.css';

/** What is kept of the end at most: enough for a date, a number and an extension. */
const MOST_TAIL = 14;
/** Shorter than this there is nothing to tell apart. */
const SHORT = 8;

/**
 * One line of a name or path that is cut in the middle when there is no room: names that begin alike are told apart by their ends. The whole
 * is its title and what assistive technology reads.
 */
export function MiddleCut({ text, title = text }: { text: string; title?: string }) {
  if (text.length <= SHORT) return <span className={classes.whole} title={title}><SafeText text={text} inline fold={Infinity} /></span>;
  // By characters as people see them: half of one would be drawn as a hole.
  const characters = [...text];
  const tail = Math.min(MOST_TAIL, characters.length >> 1);
  return (
    <span className={classes.cut} title={title}>
      <span className={classes.head} aria-hidden="true"><SafeText text={characters.slice(0, -tail).join('')} inline fold={Infinity} /></span>
      <span className={classes.tail} aria-hidden="true"><SafeText text={characters.slice(-tail).join('')} inline fold={Infinity} /></span>
      <span className={classes.read}>{text}</span>
    </span>
  );
}
