import { createPortal } from 'react-dom';
import { useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatTime, precisionFor } from '../../ui/time.ts';
import type { Measure } from '../../../shared/measure.ts';
import { isUnusual, nearest } from './points.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { Swatch } from './shown-line.tsx';
import type { ShownLine } from './shown-line.tsx';
import { pointWords, unusualWords } from './words.ts';
import classes from './metrics.module.css';

const WIDTH = 380;
const ROW = 38;

/**
 * The values under the pointer, as text. `at` is in pixels of the window. Drawn at the end of the page so that no panel cuts it
 * off; for the pointer only, the table has the same for everybody.
 */
export function ValuesTooltip({ lines, measure, range, time, at }: { lines: readonly ShownLine[]; measure: Measure; range: Range; time: number; at: { x: number; y: number } }) {
  const zone = useView((view) => view.zone);
  const height = 34 + lines.length * ROW;
  const style = {
    left: at.x + 16 + WIDTH > window.innerWidth ? Math.max(0, at.x - 16 - WIDTH) : at.x + 16,
    top: Math.max(0, Math.min(at.y + 12, window.innerHeight - height)),
    ...(at.x + 16 + WIDTH > window.innerWidth ? { width: WIDTH } : {}),
  };
  return createPortal(
    <div className={classes.tooltip} style={style} aria-hidden="true" data-testid="values">
      <p>{formatTime(time, zone, precisionFor(range.to - range.from))}</p>
      <dl>
        {lines.map((line) => {
          const point = nearest(line.points, time, line.reach);
          return (
            <div key={line.id}>
              <dt className="mono"><Swatch line={line} />{line.label === '' ? 'mean' : <SafeText inline text={line.label} fold={60} />}</dt>
              <dd>
                {point ? pointWords(point, measure) : 'no sample'}
                {point && isUnusual(point) ? <span className={classes.unusual}>◇ {unusualWords(point)}</span> : null}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>,
    document.body,
  );
}
