import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { EVENT_MEASURES, type EventMeasure } from '../../../shared/contract/trends.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { allLabels, keyOf, keyText, type SeriesKey } from '../../state/series-key.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import type { ChosenSubject } from './settings.ts';
import classes from './trends.module.css';

const TITLES: Readonly<Record<EventMeasure, string>> = { events: 'Events', errors: 'Errors', latency: 'Latency, 95th percentile' };
const METRIC = 'metric';
const SHOWN = 100;
const TYPING_MS = 150;
const LONGEST = 200;

interface SubjectPickerProps {
  subject: ChosenSubject;
  onChoose(subject: ChosenSubject): void;
}
/** What is forecast: something of the events of the filter, or a metric. */
export function SubjectPicker({ subject, onChoose }: SubjectPickerProps) {
  return (
    <>
      <label className={classes.field}>
        <span>Series</span>
        <select
          className={classes.select} value={subject.of === 'metric' ? METRIC : subject.measure}
          onChange={(event) => onChoose(event.currentTarget.value === METRIC ? { of: 'metric', key: null } : { of: 'events', measure: event.currentTarget.value as EventMeasure })}
        >
          {EVENT_MEASURES.map((measure) => <option key={measure} value={measure}>{TITLES[measure]}</option>)}
          <option value={METRIC}>Metric</option>
        </select>
      </label>
      {subject.of === 'metric' ? <MetricPicker chosen={subject.key} onChoose={(key) => onChoose({ of: 'metric', key })} /> : null}
    </>
  );
}

const nameOf = (key: SeriesKey): string => `${key.name} ${allLabels(key)}`.trim().slice(0, LONGEST);

function MetricPicker({ chosen, onChoose }: { chosen: SeriesKey | null; onChoose(key: SeriesKey): void }) {
  const [typed, setTyped] = useState<string | null>(null);
  // What stands in the field while nobody types is the chosen name, not a search.
  const text = typed === null || (chosen !== null && typed === nameOf(chosen)) ? '' : typed;
  const [asked] = useDebouncedValue(text.slice(0, 500), TYPING_MS);
  const { data } = useAsk(['metrics.list', asked, SHOWN], (signal) => engine.metrics.list({ text: asked, limit: SHOWN }, { signal }), { on: ['series'] });
  const keys = useMemo(() => {
    const found = (data?.rows ?? []).map(keyOf);
    return chosen && !found.some((key) => keyText(key) === keyText(chosen)) ? [chosen, ...found] : found;
  }, [data, chosen]);
  return (
    <Select
      className={classes.metric} size="xs" aria-label="Metric" placeholder="Find a metric by name or label" searchable allowDeselect={false} maxDropdownHeight={240} nothingFoundMessage="No metric has these words"
      data={keys.map((key) => ({ value: keyText(key), label: nameOf(key) }))} value={chosen ? keyText(chosen) : null} filter={({ options }) => options} onSearchChange={setTyped}
      comboboxProps={{ transitionProps: { duration: 0 } }} renderOption={({ option }) => <span className="mono ellipsis"><SafeText inline text={option.label} fold={LONGEST} /></span>}
      onChange={(value) => {
        const key = keys.find((each) => keyText(each) === value);
        if (key) onChoose(key);
      }}
    />
  );
}
