/** HTML in which text from data cannot be anything but text: whatever is not Html already is escaped. */
import { splitUnsafe } from '../../../../shared/unsafe-text.ts';

/** Markup that was made by `html` and by nothing else. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}
export type Content = Html | string | number | null | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const entities = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

// Fonts on paper often lack the pictures of control characters; their names they have.
const CONTROL_NAMES = 'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(' ');
const named = (mark: string): string => mark.replace(/[\u2400-\u241f]/g, (picture) => CONTROL_NAMES[picture.charCodeAt(0) - 0x2400]).replaceAll('\u2421', 'DEL');

/** Text for the inside of an element: control characters, terminal sequences and what reorders or hides text become visible marks. */
export function escape(text: string): string {
  return splitUnsafe(text)
    .map((part) => (part.kind === 'text' ? entities(part.text) : `<span class="mark">${entities(named(part.text))}</span>`))
    .join('');
}
/** The same without markup, for the text of a drawing: marks stand in brackets. */
export function plain(text: string): string {
  return splitUnsafe(text).map((part) => (part.kind === 'text' ? part.text : `[${named(part.text)}]`)).join('');
}

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.markup;
  if (typeof content === 'string') return escape(content);
  if (typeof content === 'number') return String(content);
  return content.map(render).join('');
}
/** Template of markup. Values are escaped for the inside of an element; in attributes put only numbers and words of our own. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)));
}
