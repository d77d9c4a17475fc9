import { Button, Group, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { clockWords, exactSpan, type ClockSetting } from '../../shared/clock.ts';
import type { Source } from '../../shared/event.ts';
import { withFilter } from '../../shared/query/print.ts';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { useCase, useSource } from '../state/case.ts';
import { closeClock, setClock, useClockFor } from '../state/clocks.ts';
import { reportError } from '../state/notices.ts';
import { useView } from '../state/view.ts';
import { shortPath, SourceMark } from '../ui/source-mark.tsx';
import { allZones, formatStamp, formatTime, nowMicros } from '../ui/time.ts';
import { formOf, readForm, saysSomething, type ClockField, type ClockForm } from './form.ts';
import { Suggestions } from './suggestions.tsx';
import classes from './clocks.module.css';

/** Sets how far the clock of a source was off. */
export function ClockDialog() {
  const id = useClockFor();
  const source = useSource(id ?? -1);
  return (
    <Modal opened={source !== undefined} onClose={closeClock} title="Clock of a source" size="lg">
      {source ? <ClockForm key={`${source.id} ${source.clock?.setAt ?? 0}`} source={source} /> : null}
    </Modal>
  );
}

function ClockForm({ source }: { source: Source }) {
  const zone = useView((state) => state.zone);
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const zoneless = useAsk(['clocks.zoneless', source.id], (signal) => engine.clocks.zoneless({ source: source.id }, { signal }), { on: [] });
  const [form, setForm] = useState(() => formOf(source.clock, source.from, zone));
  const [errors, setErrors] = useState<ReadonlyMap<ClockField, string>>(new Map());
  const read = readForm(form, zone, nowMicros());
  const change = (field: ClockField, value: string): void => {
    setForm((before) => ({ ...before, [field]: value }));
    setErrors((before) => new Map([...before].filter(([key]) => key !== field)));
  };
  const save = (): void => {
    if ('errors' in read) {
      setErrors(read.errors);
      return;
    }
    set(source.id, saysSomething(read.setting) ? read.setting : null);
  };
  const field = (name: ClockField) => ({
    label: LABELS[name], description: HELP[name], name, error: errors.get(name), value: form[name], disabled: readOnly, autoComplete: 'off', spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => change(name, event.currentTarget.value),
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); save(); }}>
      <p className={classes.about}>
        <SourceMark id={source.id} title={source.path} /> <span className="mono" title={source.path}>{shortPath(source.path)}</span><br />
        {source.clock ? <>Times {clockWords(source.clock, (time) => formatStamp(time, zone))}. Set {formatTime(source.clock.setAt, zone, 'minute')} by {source.clock.setBy}.</> : 'Its times are taken as it wrote them.'}
        {' '}What the source wrote is kept, and shown beside the corrected time.
      </p>
      <div className={classes.fields}>
        <TextInput {...field('offset')} placeholder="0 s" data-autofocus />
        <TextInput {...field('uncertainty')} placeholder="not stated" />
        <TextInput {...field('drift')} placeholder="0" inputMode="decimal" />
        {form.drift.trim() === '' || Number(form.drift) === 0 ? null : <TextInput {...field('reference')} />}
        {zoneless.data ? (
          <Select
            label={LABELS.zone} description={`Some of its times name no zone; they were read as ${source.zone}`} data={allZones()} value={form.zone || null} placeholder={source.zone} searchable clearable limit={60} disabled={readOnly}
            onChange={(value) => change('zone', value ?? '')}
          />
        ) : null}
        <TextInput {...field('note')} className={classes.wide} placeholder="NTP was down until noon" />
      </div>
      <p className={classes.effect} aria-live="polite">{'setting' in read ? <Effect source={source} setting={read.setting} zone={zone} /> : null}</p>
      <Suggestions source={source} take={readOnly ? null : (setting, note) => setForm((before) => ({ ...formOf({ ...setting, zone: before.zone, note: before.note || note }, source.from, zone) }))} />
      <Group mt="md" justify="flex-end" gap="sm">
        {source.clock && !readOnly ? <Button variant="default" mr="auto" onClick={() => set(source.id, null)}>Take back</Button> : null}
        <Button variant="default" onClick={closeClock}>{readOnly ? 'Close' : 'Cancel'}</Button>
        {readOnly ? null : <Button type="submit">Set clock</Button>}
      </Group>
    </form>
  );
}

const LABELS: Readonly<Record<ClockField, string>> = { offset: 'Add to its times', drift: 'And for each second since (µs)', reference: 'Since', uncertainty: 'Right within', zone: 'Zone of times without one', note: 'Why' };
const HELP: Readonly<Partial<Record<ClockField, string>>> = { offset: 'Such as 3 s, -250 ms or 2 h', drift: 'Drift: 20 for a clock that loses 20 µs a second', reference: 'When the first field held, by its own clock', uncertainty: 'Such as 50 ms' };

function set(source: number, setting: ClockSetting | null): void {
  closeClock();
  setClock(source, setting).catch((error: unknown) => reportError(error, 'Setting the clock'));
}

/** Where the first event of the source would be. */
function Effect({ source, setting, zone }: { source: Source; setting: ClockSetting; zone: string }) {
  const first = useAsk(
    ['clocks.first', source.id, source.clock?.setAt ?? 0],
    async (signal) => {
      const query = withFilter('', 'source', source.path, 'include');
      const { rows } = await engine.events.page({ scope: { query, from: null, to: null }, order: 'asc', at: { rank: 0 }, limit: 1 }, { signal });
      return rows.time.length === 0 ? null : (rows.original?.[0] ?? rows.time[0]);
    },
    { on: ['events'] },
  );
  if (first.data === undefined || first.data === null) return null;
  if (setting.zone !== '') return <>The zone is applied first: what is written here comes on top of it.</>;
  const moved = Math.round(first.data + setting.offset + (setting.drift / 1e6) * (first.data - setting.reference));
  return (
    <>
      Its first event: <span className="mono">{formatTime(first.data, zone, 'us')}</span>{moved === first.data ? ', as it is written' : <> becomes <span className="mono">{formatTime(moved, zone, 'us')}</span></>}
      {setting.uncertainty > 0 ? ` ± ${exactSpan(setting.uncertainty)}` : ''}
    </>
  );
}
