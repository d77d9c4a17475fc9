import { ActionIcon, Checkbox, Popover } from '@mantine/core';
import { IconColumns3, IconX } from '@tabler/icons-react';
import { FieldPicker } from '../../ui/field-picker.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { extraOf, MOST_EXTRA } from './columns.ts';
import type { Column, ColumnId } from './columns.ts';
import classes from './events.module.css';

interface ColumnsMenuProps {
  columns: readonly Column[];
  onColumn(id: ColumnId, shown: boolean): void;
  onAdd(name: string): void;
  onRemove(name: string): void;
}

/** Which columns the list has: the fixed ones are switched, any field or attribute can be added. */
export function ColumnsMenu({ columns, onColumn, onAdd, onRemove }: ColumnsMenuProps) {
  const added = columns.flatMap((column) => extraOf(column.id) ?? []);
  const fixed = columns.filter((column) => extraOf(column.id) === null);
  return (
    <Popover position="bottom-end" trapFocus returnFocus width={240}>
      <Popover.Target><button type="button" className={classes.action} aria-haspopup="dialog"><IconColumns3 size={14} />Columns</button></Popover.Target>
      <Popover.Dropdown p="sm" aria-label="Columns">
        {fixed.filter((column) => column.id !== 'message').map((column) => (
          <Checkbox key={column.id} py={3} checked={column.shown} onChange={() => onColumn(column.id, !column.shown)} label={column.id === 'since' ? 'Time since the row above' : column.title} />
        ))}
        {added.length > 0 ? (
          <ul className={classes.added} aria-label="Added columns">
            {added.map((name) => (
              <li key={name}>
                <span className="ellipsis" title={name}><SafeText inline text={name} fold={200} /></span>
                <ActionIcon size="xs" aria-label={`Remove the column ${name}`} title="Remove the column" onClick={() => onRemove(name)}><IconX size={13} /></ActionIcon>
              </li>
            ))}
          </ul>
        ) : null}
        {added.length < MOST_EXTRA
          ? <div className={classes.picker}><FieldPicker label="Add a column" placeholder="Add a field or attribute" without={[...added, ...fixed.map((column) => column.field || column.id)]} onPick={onAdd} /></div>
          : <p className={classes.addedMost}>{MOST_EXTRA} columns are added; remove one to add another.</p>}
      </Popover.Dropdown>
    </Popover>
  );
}
