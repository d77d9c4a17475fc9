import { IconCopy, IconFilter, IconFilterOff, IconListSearch, IconShieldSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { EventDetail } from '../../../shared/event.ts';
import { printQuery } from '../../../shared/query/print.ts';
import { useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { valueProps } from '../../ui/value.ts';
import { copyText } from './copy.ts';
import { fieldRows, searchRows } from './model.ts';
import type { FieldRow } from './model.ts';
import { PlaceHint } from './place-hint.tsx';
import classes from './detail.module.css';

/** Every field of the event; each value can be filtered for and out, looked for everywhere, copied. */
export function FieldsTab({ event }: { event: EventDetail }) {
  const [text, setText] = useState('');
  const all = fieldRows(event);
  const rows = searchRows(all, text);
  const firstAttribute = rows.find((row) => !row.column)?.name;
  return (
    <>
      {all.length > 8 ? <div className={classes.tools}><input className={classes.search} aria-label="Find a field" placeholder="Find a field or value" value={text} onChange={(change) => setText(change.currentTarget.value)} /></div> : null}
      <table className={classes.fields}>
        <tbody>
          {event.template === '' ? null : <Template event={event} />}
          {rows.map((row) => <Field key={`${row.name} ${row.value}`} row={row} event={event} first={row.name === firstAttribute} />)}
        </tbody>
      </table>
      <PlaceHint event={event} />
      {rows.length === 0 && text !== '' ? <p className={classes.about} style={{ padding: 8 }}>No field and no value holds that</p> : null}
    </>
  );
}

function Field({ row, event, first }: { row: FieldRow; event: EventDetail; first: boolean }) {
  const here = (event.met ?? []).filter((met) => met.in.includes(row.name) && !row.name.startsWith('threat.')).map(({ indicator }) => indicator);
  return (
    <tr data-first-attribute={first}>
      <th scope="row" title={row.column ? row.name : undefined}>{row.title}{here.length > 0 ? <IconShieldSearch className={classes.met} size={13} role="img" aria-label={`Has the indicator ${here.join(', ')}`} /> : null}</th>
      <td className={classes.value} data-numeric={row.numeric} tabIndex={0} {...valueProps(row.name, row.value)}>
        {row.name === 'severity' ? <SeverityMark severity={event.severity} label /> : <SafeText text={row.value} fold={1000} />}{row.unit ? ` ${row.unit}` : ''}
        {row.name === 'threat.indicator.value' ? <MetIn event={event} indicator={row.value} /> : null}
        <ValueActs field={row.name} value={row.value} />
      </td>
    </tr>
  );
}

function MetIn({ event, indicator }: { event: EventDetail; indicator: string }) {
  const met = event.met?.find((one) => one.indicator === indicator);
  if (!met) return null;
  return <span className={classes.about}> {met.in.length === 0 ? 'met in the record as it was read' : <>met in <SafeText inline text={met.in.join(', ')} fold={200} /></>}</span>;
}

function Template({ event }: { event: EventDetail }) {
  return (
    <tr>
      <th scope="row" title="Messages of this shape: what differs between them is left out">Pattern</th>
      <td className={classes.value} tabIndex={0} {...valueProps('template', event.template)}>
        <SafeText text={event.template} fold={500} />
        <ValueActs field="template" value={event.template} />
      </td>
    </tr>
  );
}

function ValueActs({ field, value }: { field: string; value: string }) {
  const addFilter = useView((view) => view.addFilter);
  const setQuery = useView((view) => view.setQuery);
  return (
    <span className={classes.acts}>
      <button type="button" className={classes.icon} title="Filter for it (f)" aria-label={`Filter for ${field}`} onClick={() => addFilter(field, value, 'include')}><IconFilter size={13} /></button>
      <button type="button" className={classes.icon} title="Filter it out (Shift+f)" aria-label={`Filter out ${field}`} onClick={() => addFilter(field, value, 'exclude')}><IconFilterOff size={13} /></button>
      <button type="button" className={classes.icon} title="Look for this value in every field and message, without the present filter" aria-label={`Pivot on ${field}`} onClick={() => setQuery(printQuery({ kind: 'text', match: { type: 'phrase', text: value } }))}><IconListSearch size={13} /></button>
      <button type="button" className={classes.icon} title="Copy (c)" aria-label={`Copy ${field}`} onClick={() => copyText(value, 'Value')}><IconCopy size={13} /></button>
    </span>
  );
}
