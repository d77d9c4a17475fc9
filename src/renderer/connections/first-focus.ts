import { useEffect } from 'react';
import type { RefObject } from 'react';

/**
 * A step that takes the place of another inside an open sheet: the focus was lost with the button that was pressed, and goes to the
 * step's first control. While the sheet opens it is still where it has to return to, and is left there; the sheet moves it itself.
 */
export function useFirstFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) box.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [box]);
}
