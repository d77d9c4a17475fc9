import { Select } from '@mantine/core';
import { z } from 'zod';
import { filtersOf, withoutFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useBounds } from '../../state/case.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { FieldFacet, isAttribute, titleOf } from './field-facet.tsx';
import { DEFAULT_FIELDS, FEW } from './model.ts';
import classes from './facets.module.css';

const settingsSchema = z.object({ fields: z.array(z.string().min(1).max(200)).max(30), folded: z.array(z.string()).max(60) });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { fields: [...DEFAULT_FIELDS], folded: [] };

/** What the result is made of: the most frequent values of each field, one click from being a filter. */
export function FacetsPanel({ panelKey }: PanelProps) {
  const scope = useScope();
  const bounds = useBounds();
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const { fields } = settings;
  const folded = new Set(settings.folded);
  // Attributes are counted each by itself: they take longer, and must not hold the others up.
  const open = fields.filter((field) => !folded.has(field) && !isAttribute(field));
  const { data, error, stale, retry } = useAsk(
    ['events.facets', scope, open, FEW],
    (signal) => engine.events.facets({ scope, fields: open, limit: FEW }, { signal }),
    { enabled: open.length > 0 && bounds !== null },
  );
  if (bounds === null) return <EmptyState title="No fields yet">The values of severity, service, host and more are counted here as soon as there are events.</EmptyState>;
  return (
    <div className={classes.panel}>
      <div className={classes.status} role="status">
        <span>{data ? `${formatCount(data.total)}${data.complete ? '' : '+'} ${data.total === 1 && data.complete ? 'event' : 'events'}` : 'counting'}</span>
        {data && !data.complete ? <span className={classes.warn} title="These counts are of the part looked at so far.">{Math.floor(data.scanned * 100)} % scanned</span> : data && data.unreadable > 0 ? <span className={classes.warn} title="The case file is damaged: so many events could not be counted. Check the case, and copy what can be read into a new one.">{formatCount(data.unreadable)} not readable</span> : stale ? <span className="dim">updating</span> : null}
      </div>
      <ActiveFilters />
      {error && !data ? <ErrorState error={error} doing="Counting the values" retry={retry} /> : null}
      {fields.map((field) => (
        <FieldFacet
          key={field} field={field} reply={data} folded={folded.has(field)}
          onFold={() => setSettings({ ...settings, folded: folded.has(field) ? settings.folded.filter((one) => one !== field) : [...settings.folded, field] })}
          onRemove={() => setSettings({ fields: fields.filter((one) => one !== field), folded: settings.folded.filter((one) => one !== field) })}
        />
      ))}
      <AddField fields={fields} onAdd={(field) => setSettings({ ...settings, fields: [...fields, field].slice(0, 30) })} />
    </div>
  );
}

/** The field filters of the query, each with a way out, and all at once. */
function ActiveFilters() {
  const query = useView((view) => view.query);
  const setQuery = useView((view) => view.setQuery);
  const filters = filtersOf(query);
  if (filters.length === 0) return null;
  const without = (text: string, filter: (typeof filters)[number]): string => (filter.values.length > 0 ? filter.values.reduce((left, value) => withoutFilter(left, filter.field, value), text) : withoutFilter(text, filter.field));
  return (
    <div className={classes.filters} role="group" aria-label="Active filters">
      {filters.map((filter) => (
        <span key={filter.from} className={classes.filter}>
          <span title={filter.text}><SafeText inline text={filter.text} fold={80} /></span>
          <button type="button" className={classes.small} aria-label={`Take away ${filter.text}`} title="Take this filter away" onClick={() => setQuery(without(query, filter))}>×</button>
        </span>
      ))}
      <button type="button" className={classes.small} title="Take all field filters away; words stay" onClick={() => setQuery(filters.reduce(without, query))}>Clear filters</button>
    </div>
  );
}

function AddField({ fields, onAdd }: { fields: readonly string[]; onAdd(field: string): void }) {
  const { data } = useAsk(['events.fields'], (signal) => engine.events.fields({}, { signal }));
  const options = (data ?? []).filter((field) => field.kind !== 'text' && !fields.includes(field.name)).map((field) => ({ value: field.name, label: field.column ? `${titleOf(field.name)} (${field.name})` : field.name }));
  if (options.length === 0) return null;
  return (
    <div className={classes.add}>
      {/* a new one after each choice: it is for choosing, and must not go on saying what was chosen */}
      <Select key={fields.join()} aria-label="Add a field" placeholder="Add a field" data={options} value={null} searchable clearable={false} limit={200} nothingFoundMessage="No such field in this case" onChange={(value) => value && onAdd(value)} />
    </div>
  );
}
