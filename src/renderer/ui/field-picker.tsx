import { Autocomplete } from '@mantine/core';
import { useState } from 'react';
import { FIELDS } from '../../shared/event.ts';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';

interface FieldPickerProps {
  label: string;
  placeholder: string;
  /** names that are not offered */
  without: readonly string[];
  onPick(name: string): void;
}
/** Names offered at once. */
const MOST_OFFERED = 200;
const LONGEST_NAME = 200;
const TITLES = new Map<string, string>(FIELDS.map((field) => [field.name, field.title]));

/** Chooses a field or an attribute of this case by name; one that was not seen yet can be typed. Enter takes what is typed. */
export function FieldPicker({ label, placeholder, without, onPick }: FieldPickerProps) {
  const [text, setText] = useState('');
  const { data } = useAsk(['events.fields'], (signal) => engine.events.fields({}, { signal }));
  const names = (data ?? []).map((field) => field.name).filter((name) => !without.includes(name));
  const pick = (name: string): void => {
    const known = names.find((one) => one.toLowerCase() === name.trim().toLowerCase()) ?? name.trim();
    if (known !== '' && known.length <= LONGEST_NAME && !without.includes(known)) onPick(known);
    setText('');
  };
  return (
    <Autocomplete
      aria-label={label} placeholder={placeholder} data={names} value={text} limit={MOST_OFFERED} maxDropdownHeight={160} onChange={setText} clearSectionMode="clear"
      comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
      renderOption={({ option }) => <span>{option.value}{TITLES.has(option.value) ? <span className="dim"> {TITLES.get(option.value)}</span> : null}</span>}
      onOptionSubmit={pick}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.currentTarget.getAttribute('aria-activedescendant')) return;
        event.preventDefault();
        pick(text);
      }}
    />
  );
}
