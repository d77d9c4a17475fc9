import { IconChevronDown, IconChevronRight, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { FIELDS } from '../../../shared/event.ts';
import type { FacetReply } from '../../../shared/contract/events.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount, formatShort } from '../../ui/numbers.ts';
import { FEW, formatShare, MANY, modesOf, valuesOf } from './model.ts';
import type { Value } from './model.ts';
import { ValueRow } from './value-row.tsx';
import classes from './facets.module.css';

export function titleOf(field: string): string {
  return FIELDS.find((one) => one.name === field)?.title ?? field;
}
interface FieldFacetProps {
  field: string;
  reply: FacetReply | undefined;
  folded: boolean;
  onFold(): void;
  onRemove(): void;
}

/** One field: its values by frequency, a search among them, more of them. */
export function FieldFacet({ field, reply, folded, onFold, onRemove }: FieldFacetProps) {
  const query = useView((view) => view.query);
  const scope = useScope();
  const [all, setAll] = useState(false);
  const [searching, setSearching] = useState(false);
  const many = useAsk(['events.facets', scope, [field], MANY], (signal) => engine.events.facets({ scope, fields: [field], limit: MANY }, { signal }), { enabled: all && !folded });
  const source = all && many.data ? many.data : reply;
  const facet = source?.facets.find((one) => one.field === field);
  const values = valuesOf(facet, field, source?.total ?? 0, query, all ? MANY : FEW);
  const distinct = facet?.distinct ?? 0;
  const title = titleOf(field);
  return (
    <section className={classes.field} data-folded={folded} aria-label={title}>
      <div className={classes.fieldHead}>
        <button type="button" className={classes.fold} aria-expanded={!folded} onClick={onFold} title={facet && source ? `${formatCount(facet.present)} of ${formatCount(source.total)} events have it (${formatShare(source.total > 0 ? facet.present / source.total : 0)}), ${formatCount(distinct)} different values` : undefined}>
          {folded ? <IconChevronRight size={14} /> : <IconChevronDown size={14} />}
          <span>{title}</span>
          {field === 'severity' || !facet ? null : <span className={classes.distinct}>{formatShort(distinct)}</span>}
        </button>
        {field === 'severity' || folded ? null : (
          <button type="button" className={classes.icon} aria-label={`Search values of ${title}`} title="Search values" aria-pressed={searching} onClick={() => setSearching(!searching)}><IconSearch size={13} /></button>
        )}
        <button type="button" className={classes.icon} aria-label={`Remove ${title} from the panel`} title="Remove from the panel" onClick={onRemove}><IconX size={13} /></button>
      </div>
      {folded ? null : searching ? <Search field={field} /> : (
        <>
          <ul className={classes.values}>{values.map((item) => <ValueRow key={item.value} field={field} item={item} />)}</ul>
          {values.length === 0 && source ? <p className={classes.none}>{source.complete ? 'No event here has it' : 'None found yet'}</p> : null}
          {field !== 'severity' && (all || distinct > FEW) ? (
            <button type="button" className={`${classes.small} ${classes.more}`} onClick={() => setAll(!all)}>
              {all ? 'Fewer' : `More, ${formatCount(distinct - FEW)} are not shown`}
            </button>
          ) : null}
          {all && distinct > MANY ? <p className={classes.none}>{formatCount(distinct - MANY)} rarer ones are not listed; search for them.</p> : null}
        </>
      )}
    </section>
  );
}

function Search({ field }: { field: string }) {
  const [prefix, setPrefix] = useState('');
  const query = useView((view) => view.query);
  const { data } = useAsk(['events.values', field, prefix, 20], (signal) => engine.events.values({ field, prefix, limit: 20 }, { signal }));
  const modes = modesOf(query, field);
  const highest = Math.max(1, ...(data ?? []).map(({ count }) => count));
  const values = (data ?? []).map(({ value, count }): Value => ({ value, count, share: 0, bar: count / highest, mode: modes.get(value.toLowerCase()) ?? null }));
  return (
    <>
      <input className={classes.search} autoFocus aria-label={`Values of ${titleOf(field)} that begin with`} placeholder="Begins with, in the whole case" value={prefix} onChange={(event) => setPrefix(event.currentTarget.value)} />
      <ul className={classes.values}>{values.map((item) => <ValueRow key={item.value} field={field} item={item} whole />)}</ul>
      {data?.length === 0 ? <p className={classes.none}>No value begins so</p> : null}
    </>
  );
}
