import { IconMinus } from '@tabler/icons-react';
import { SEVERITIES } from '../../../shared/event.ts';
import type { Severity } from '../../../shared/event.ts';
import { withoutFilter } from '../../../shared/query/print.ts';
import { useCase } from '../../state/case.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { MiddleCut } from '../../ui/middle-cut.tsx';
import { formatCount, formatShort } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SEVERITY_TITLES, SeverityMark } from '../../ui/severity.tsx';
import { shortPath, SourceMark } from '../../ui/source-mark.tsx';
import { valueProps } from '../../ui/value.ts';
import { formatShare } from './model.ts';
import type { Value } from './model.ts';
import classes from './facets.module.css';

interface ValueRowProps {
  field: string;
  item: Value;
  /** the counts are of the whole case and not of the result */
  whole?: boolean;
  /** there is an answer: before it a count of 0 would be a claim */
  counted?: boolean;
}

/** One value: a click filters for it (again: takes the filter back), Alt+click or the minus filters it out. */
export function ValueRow({ field, item, whole = false, counted = true }: ValueRowProps) {
  const store = useViewStore();
  const addFilter = useView((view) => view.addFilter);
  const { value, count, share, bar, mode } = item;
  const pick = (exclude: boolean): void => {
    const wanted = exclude ? 'exclude' : 'include';
    const { query, setQuery } = store.getState();
    if (mode === wanted) setQuery(withoutFilter(query, field, value));
    else addFilter(field, value, wanted);
  };
  const what = !counted ? value : `${value}: ${formatCount(count)} events${whole ? ' in the whole case' : `, ${formatShare(share)} of the result`}`;
  return (
    <li className={classes.value} data-mode={mode ?? undefined} {...valueProps(field, value)}>
      <span className={classes.bar} style={{ width: `${bar * 100}%` }} aria-hidden="true" />
      <button
        type="button" className={classes.pick} aria-pressed={mode === 'include'} title={`${what}. Click: ${mode === 'include' ? 'take the filter back' : 'filter for it'}. Alt+click: ${mode === 'exclude' ? 'take the filter back' : 'filter it out'}.`}
        onClick={(event) => pick(event.altKey)}
      >
        <span className={classes.name}><Label field={field} value={value} /></span>
        <span className={classes.count}>{counted ? formatShort(count) : ''}</span>
        <span className={classes.share}>{whole || !counted ? '' : formatShare(share)}</span>
      </button>
      <button type="button" className={`${classes.icon} ${classes.out}`} aria-label={mode === 'exclude' ? `Stop filtering out ${value}` : `Filter out ${value}`} title={mode === 'exclude' ? 'Take the filter back' : 'Filter out'} onClick={() => pick(true)}>
        <IconMinus size={14} />
      </button>
    </li>
  );
}

function Label({ field, value }: { field: string; value: string }) {
  const source = useCase((state) => (field === 'source' ? [...state.sources.values()].find((one) => one.path === value) : undefined));
  if (field === 'severity' && (SEVERITIES as readonly string[]).includes(value)) return <><SeverityMark severity={value as Severity} /> {SEVERITY_TITLES[value as Severity]}</>;
  if (field === 'source') return <span className={classes.marked}>{source ? <SourceMark id={source.id} title={source.path} /> : null}<MiddleCut text={shortPath(value)} title={value} /></span>;
  return <span className={field === 'template' ? 'mono' : undefined}><SafeText inline text={value} fold={200} /></span>;
}
