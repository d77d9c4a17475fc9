import { IconFilter, IconFilterOff, IconX } from '@tabler/icons-react';
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { PatternDetail, PatternList, PatternRow, PatternVariable } from '../../../shared/contract/patterns.ts';
import { withFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useScope, useViewStore } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { splitPattern } from './acts.ts';
import { PatternText, variableName } from './pattern-text.tsx';
import classes from './patterns.module.css';

interface PatternDetailPaneProps {
  row: PatternRow;
  list: PatternList;
  writable: boolean;
  onChoose(id: number | null): void;
}

/** What a pattern is made of: its words, what its variables hold, its templates. */
export function PatternDetailPane({ row, list, writable, onChoose }: PatternDetailPaneProps) {
  const store = useViewStore();
  const { query } = useScope();
  const { run, progress } = useRun();
  // What is gone is looked at where it was.
  const range = row.count > 0 || !list.other ? list : list.other;
  const scope = { query, from: range.from, to: range.to };
  const { data, error, loading, retry } = useAsk(['patterns.detail', scope, row.id], (signal) => engine.patterns.detail({ scope, id: row.id, run }, { signal }), { on: ['events', 'patterns'], keep: false });
  const filter = (mode: 'include' | 'exclude'): void => store.getState().addFilter('template', row.text, mode);
  return (
    <section className={classes.detail} aria-label="The pattern" aria-busy={loading}>
      <header className={classes.detailHead}>
        <p className={classes.whole}><PatternText text={row.text} fold={2000} wrap /></p>
        <button type="button" className={classes.icon} aria-label="Close" onClick={() => onChoose(null)}><IconX size={14} /></button>
      </header>
      <div className={classes.acts}>
        <button type="button" className={classes.action} onClick={() => filter('include')}><IconFilter size={14} />Filter for</button>
        <button type="button" className={classes.action} onClick={() => filter('exclude')}><IconFilterOff size={14} />Filter out</button>
      </div>
      {row.services.length > 0 ? <p className={classes.fact}><span className="dim">Services</span> {row.services.map(({ service, count }) => <button key={service} type="button" className={classes.value} onClick={() => store.getState().addFilter('service', service, 'include')}><SafeText text={service} inline fold={60} /> <span className={classes.n}>{formatCount(count)}</span></button>)}{row.serviceCount > row.services.length ? <span className="dim"> and {formatCount(row.serviceCount - row.services.length)} more</span> : null}</p> : null}
      {error && !data ? <ErrorState error={error} doing="Reading the values" retry={retry} /> : null}
      {!data && !error ? <p className={classes.note} role="status">{progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Reading the values'}</p> : null}
      {data ? <Variables detail={data} /> : null}
      {data && data.templates.length > 1 ? <Templates detail={data} writable={writable} onChoose={onChoose} /> : null}
    </section>
  );
}

function Variables({ detail }: { detail: PatternDetail }) {
  const { variables, sampled, aligned, count, text } = detail;
  const seen = sampled < count ? `${formatCount(sampled)} of ${formatCount(count)} events were looked at` : `${formatCount(sampled)} ${sampled === 1 ? 'event' : 'events'}`;
  return (
    <>
      {variables.length === 0 && sampled > 0 ? <p className={classes.note}>{aligned === 0 ? 'Its messages are not all built alike, so values cannot be told by place.' : 'It has no variable: every message reads the same.'}</p> : null}
      {variables.map((variable, i) => <Variable key={i} variable={variable} of={aligned} text={text} />)}
      {sampled > 0 && variables.length > 0 ? <p className={classes.note}>{seen}{aligned < sampled ? `; ${formatCount(sampled - aligned)} are built otherwise` : ''}</p> : null}
    </>
  );
}

function Variable({ variable, of, text }: { variable: PatternVariable; of: number; text: string }) {
  const store = useViewStore();
  const { name, type, distinct, values } = variable;
  const pick = (value: string): void => {
    const state = store.getState();
    state.setQuery(`${withFilter(state.query, 'template', text, 'include')} "${value.replace(/["\\]/g, '\\$&')}"`);
  };
  return (
    <div className={classes.variableBox}>
      <h4 className={classes.variableHead}>{name === '' ? null : <SafeText text={name} inline fold={60} />} <span className={classes.variable} title={variableName(type)}>{`<${type}>`}</span><span className={classes.n}>{formatCount(distinct)} {distinct === 1 ? 'value' : 'values'}</span></h4>
      <ul className={classes.values}>
        {values.map(({ value, count }) => (
          <li key={value}>
            <button type="button" className={classes.valueRow} title={`Events of this pattern with ${value.slice(0, 200)}`} disabled={value === ''} onClick={() => pick(value)}>
              <span className={classes.share} style={{ width: `${(count / Math.max(1, of)) * 100}%` }} />
              <span className={classes.valueText}>{value === '' ? <span className="dim">empty</span> : <SafeText text={value} inline fold={120} />}</span>
              <span className={classes.n}>{formatCount(count)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Templates({ detail, writable, onChoose }: { detail: PatternDetail; writable: boolean; onChoose(id: number | null): void }) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { templates, moreTemplates, id } = detail;
  const all = chosen.size === templates.length && moreTemplates === 0;
  const toggle = (template: number): void => {
    const next = new Set(chosen);
    if (!next.delete(template)) next.add(template);
    setChosen(next);
  };
  const split = async (): Promise<void> => {
    const made = await splitPattern(id, [...chosen]);
    if (made !== null) onChoose(made);
  };
  return (
    <div className={classes.variableBox}>
      <h4 className={classes.variableHead}>Templates <span className={classes.n}>{formatCount(templates.length + moreTemplates)}</span>
        <Button size="compact-xs" variant="default" disabled={chosen.size === 0 || all || !writable} title={!writable ? 'This case is read-only' : all ? 'Leave one at least' : 'The chosen become a pattern of their own; it can be undone'} onClick={() => void split()}>Split off</Button>
      </h4>
      <ul className={classes.values}>
        {templates.map((template) => (
          <li key={template.id}>
            <label className={classes.template} title={template.text.slice(0, 1000)}>
              <input type="checkbox" checked={chosen.has(template.id)} onChange={() => toggle(template.id)} />
              <span className={classes.valueText}><PatternText text={template.text} fold={300} /></span>
              <span className={classes.n}>{formatCount(template.count)}</span>
            </label>
          </li>
        ))}
      </ul>
      {moreTemplates > 0 ? <p className={classes.note}>{formatCount(moreTemplates)} with fewer events are not listed.</p> : null}
    </div>
  );
}
