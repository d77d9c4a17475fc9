import { useEffect } from 'react';
import type { RefObject } from 'react';

/** A step that takes the place of another inside an open sheet: the focus would be lost with the button that was pressed. */
export function useFirstFocus(box: RefObject<HTMLElement | null>, ready = true): void {
  useEffect(() => {
    if (ready) box.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [box, ready]);
}
