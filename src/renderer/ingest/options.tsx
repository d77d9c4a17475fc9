import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { IngestOptions } from '../../shared/contract/ingest.ts';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { allZones } from '../ui/time.ts';
import classes from './ingest.module.css';

export const FIRST_OPTIONS: IngestOptions = { format: '', zone: 'UTC', service: '', dedupWindow: 0 };
/** The window the deduplicator has when it is switched on. */
const USUAL_WINDOW = 5000;

/** How the files are read: recognised or one format; the zone and service of records that write none; repeats. */
export function Options({ value, change }: { value: IngestOptions; change: (value: IngestOptions) => void }) {
  const formats = useAsk(['ingest.formats'], (signal) => engine.ingest.formats({}, { signal }), { on: [] });
  const zones = useMemo(() => allZones(), []);
  return (
    <div className={classes.options}>
      <Select
        label="Format"
        description="Of all these files"
        data={[{ value: '', label: 'Recognise each file' }, ...(formats.data ?? []).map((format) => ({ value: format.id, label: format.title }))]}
        value={value.format}
        allowDeselect={false}
        searchable
        onChange={(format) => change({ ...value, format: format ?? '' })}
      />
      <Select label="Zone" description="Of times that write none" data={zones} value={value.zone} searchable limit={60} allowDeselect={false} onChange={(zone) => change({ ...value, zone: zone ?? 'UTC' })} />
      <TextInput label="Service" description="Of records that name none" value={value.service} onChange={(event) => change({ ...value, service: event.currentTarget.value })} />
      <NumberInput
        label="Drop repeats among the last"
        description={`Records; 0 keeps all, usual is ${USUAL_WINDOW}`}
        min={0}
        max={1_000_000}
        step={1000}
        allowDecimal={false}
        thousandSeparator=","
        value={value.dedupWindow}
        onChange={(window) => change({ ...value, dedupWindow: typeof window === 'number' ? window : 0 })}
      />
      <Checkbox
        className={classes.wide}
        label="These are notes of people, such as a timeline kept in a spreadsheet"
        checked={value.notes ?? false}
        onChange={(event) => change({ ...value, notes: event.currentTarget.checked })}
      />
    </div>
  );
}
