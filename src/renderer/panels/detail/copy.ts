/** What the detail does with values and text. */
import { formatCount } from '../../ui/numbers.ts';
import { notify, reportError } from '../../state/notices.ts';

/** Puts text on the clipboard and says so. */
export function copyText(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => notify({ title: `${what} copied`, message: `${formatCount(text.length)} characters.` }),
    (error: unknown) => reportError(error, 'Copying'),
  );
}
