import { IconChevronDown, IconChevronRight, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { FIELDS } from '../../../shared/event.ts';
import type { FacetReply } from '../../../shared/contract/events.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import { columnOf } from '../../../shared/query/names.ts';
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
/** Whether the values of a field have to be read back from each record, which takes its time in a large case. */
export function isAttribute(field: string): boolean {
  return columnOf(field) === undefined;
}
interface FieldFacetProps {
  field: string;
  /** the counts of all column fields; undefined while there is no answer, and no use to an attribute */
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
  const attribute = isAttribute(field);
  const limit = all ? MANY : FEW;
  const [halted, setHalted] = useState<{ scope: Scope; reply: FacetReply } | null>(null);
  const still = halted?.scope === scope ? halted.reply : null;
  const own = useAsk(['events.facets', scope, [field], limit], (signal) => engine.events.facets({ scope, fields: [field], limit }, { signal }), { enabled: (all || attribute) && !folded && !still });
  const source = still ?? own.data ?? (attribute ? undefined : reply);
  const facet = source?.facets.find((one) => one.field === field);
  const values = valuesOf(facet, field, facet?.counted ?? 0, query, limit);
  const distinct = facet?.distinct ?? 0;
  const title = titleOf(field);
  return (
    <section className={classes.field} data-folded={folded} aria-label={title}>
      <div className={classes.fieldHead}>
        <button type="button" className={classes.fold} aria-expanded={!folded} onClick={onFold} title={facet ? `${formatCount(facet.present)} of ${formatCount(facet.counted)} events have it (${formatShare(facet.counted > 0 ? facet.present / facet.counted : 0)}), ${formatCount(distinct)} different values` : undefined}>
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
          {own.error && !facet ? <p className={classes.none} role="alert">Counting failed. {own.error.message}</p> : null}
          <ul className={classes.values}>{values.map((item) => <ValueRow key={item.value} field={field} item={item} counted={facet !== undefined} />)}</ul>
          {values.length === 0 && source ? <p className={classes.none}>{source.complete ? 'No event here has it' : 'None found yet'}</p> : null}
          {attribute && source && facet ? <Counted reply={source} counted={facet.counted} halted={still !== null} onHalt={() => setHalted({ scope, reply: source })} onGoOn={() => setHalted(null)} /> : null}
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

/** Over how many events an attribute was counted, while that is not all of them; counting can be stopped and gone on with. */
function Counted({ reply, counted, halted, onHalt, onGoOn }: { reply: FacetReply; counted: number; halted: boolean; onHalt(): void; onGoOn(): void }) {
  if (counted >= reply.total && reply.complete) return null;
  const of = `${formatCount(counted)} of ${formatCount(reply.total)} events`;
  if (reply.complete) return <p className={classes.none}>Counted over {of}: nearly every value is different.</p>;
  return (
    <div className={classes.counted}>
      <span role="status">{halted ? 'Counted' : 'Counting,'} {of}</span>
      <progress value={counted} max={Math.max(1, reply.total)} aria-label="Events counted" />
      <button type="button" className={classes.small} onClick={halted ? onGoOn : onHalt}>{halted ? 'Go on' : 'Stop'}</button>
    </div>
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
