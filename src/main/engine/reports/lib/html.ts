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

/** Text for the inside of an element: control characters, terminal sequences and what reorders or hides text become visible marks. */
export function escape(text: string): string {
  return splitUnsafe(text)
    .map((part) => (part.kind === 'text' ? entities(part.text) : `<span class="mark">${entities(part.text)}</span>`))
    .join('');
}
/** The same without markup, for the text of a drawing: marks stand in brackets. */
export function plain(text: string): string {
  return splitUnsafe(text).map((part) => (part.kind === 'text' ? part.text : `[${part.text}]`)).join('');
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
