import { useEffect, useState } from 'react';
import classes from './trends.module.css';

interface NumberFieldProps {
  label: string;
  /** what stands in the empty field: what is chosen by itself */
  usual: string;
  value: number | null;
  /** null = the text is no such number */
  read(text: string): number | null;
  onChange(value: number | null): void;
  title: string;
}
/** A number that may be left empty. It counts when it is left or with Enter; one that cannot be read stays, marked. */
export function NumberField({ label, usual, value, read, onChange, title }: NumberFieldProps) {
  const said = value === null ? '' : String(value);
  const [text, setText] = useState(said);
  const [bad, setBad] = useState(false);
  useEffect(() => {
    setText(said);
    setBad(false);
  }, [said]);
  const settle = (): void => {
    const next = text.trim() === '' ? null : read(text.trim());
    setBad(next === null && text.trim() !== '');
    if (next !== value && (next !== null || text.trim() === '')) onChange(next);
  };
  return (
    <label className={classes.field} title={title}>
      <span>{label}</span>
      <input
        type="text" inputMode="decimal" className={classes.number} value={text} placeholder={usual} aria-invalid={bad || undefined}
        onChange={(event) => setText(event.currentTarget.value)} onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle();
        }}
      />
    </label>
  );
}
