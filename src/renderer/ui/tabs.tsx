import { useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import classes from './tabs.module.css';

interface TabsProps<T extends string> {
  /** for assistive technology: what the tabs are parts of */
  label: string;
  tabs: readonly (readonly [id: T, title: string])[];
  chosen: T;
  /** the tab takes the focus when the panel is gone to; not where the body has something better */
  takesFocus?: boolean;
  /** of the list of tabs and of the body */
  listClass?: string;
  bodyClass?: string;
  /** the body is a stop in the tab order, as it scrolls and may hold nothing else */
  bodyFocus?: boolean;
  onChoose(id: T): void;
  children: ReactNode;
}

/** Tabs inside a panel. Left and right go from one to the next; they are one stop in the tab order. */
export function Tabs<T extends string>({ label, tabs, chosen, takesFocus = true, listClass = '', bodyClass, bodyFocus = false, onChoose, children }: TabsProps<T>) {
  const name = useId();
  const list = useRef<HTMLDivElement>(null);
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (tabs.findIndex(([id]) => id === chosen) + step + tabs.length) % tabs.length;
    onChoose(tabs[at][0]);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus();
  };
  return (
    <>
      <div className={`${classes.list} ${listClass}`} role="tablist" aria-label={label} tabIndex={-1} ref={list} onKeyDown={keys}>
        {tabs.map(([id, title]) => (
          <button key={id} type="button" role="tab" id={`${name}-${id}`} className={classes.tab} aria-selected={chosen === id} aria-controls={`${name}-body`} tabIndex={chosen === id ? 0 : -1} data-autofocus-panel={takesFocus && chosen === id ? '' : undefined} onClick={() => onChoose(id)}>{title}</button>
        ))}
      </div>
      <div className={bodyClass} role="tabpanel" id={`${name}-body`} aria-labelledby={`${name}-${chosen}`} tabIndex={bodyFocus ? 0 : undefined}>{children}</div>
    </>
  );
}
