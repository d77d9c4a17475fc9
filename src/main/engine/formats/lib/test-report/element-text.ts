/** Collects the text of elements, bounded. */

export class ElementText {
  private parts: string[] = [];
  private room: number;
  private cut = false;
  private readonly characters: number;

  /** @param characters what is longer is cut */
  constructor(characters: number) {
    this.characters = this.room = characters;
  }
  add(text: string): void {
    if (this.room <= 0) {
      this.cut ||= text !== '';
      return;
    }
    this.cut ||= text.length > this.room;
    this.parts.push(text.slice(0, this.room));
    this.room -= text.length;
  }
  /** Something of another element follows: on a line of its own. */
  newline(): void {
    if (this.parts.length > 0) this.add('\n');
  }
  /** undefined when there was no ink. */
  get value(): string | undefined {
    const text = this.parts.join('').replace(/^[ \t]*\r?\n|\s+$/g, '');
    if (text.trim() === '') return undefined;
    return this.cut ? `${text}… (cut at ${this.characters} characters)` : text;
  }
}

/** How much of the details of a failure and of a test's output is kept. */
export const DETAIL_CHARACTERS = 200_000;
export const OUTPUT_CHARACTERS = 100_000;
/** How many properties of a case or suite are kept. */
const MAX_PROPERTIES = 500;

/** Adds a name and value, bounded; of a name told twice both values are kept. */
export function addProperty(properties: Record<string, string>, name: string | undefined, value: string | undefined): void {
  if (name === undefined || name === '' || value === undefined || name === '__proto__') return;
  if (Object.hasOwn(properties, name)) properties[name] = `${properties[name]}, ${value}`.slice(0, 10_000);
  else if (Object.keys(properties).length < MAX_PROPERTIES) properties[name] = value;
}
/** The attributes but those that have a place of their own; undefined when none are left. */
export function otherAttributes(attributes: Readonly<Record<string, string>>, known: readonly string[]): Record<string, string> | undefined {
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) if (!known.includes(name) && value !== '') addProperty(rest, name, value);
  return Object.keys(rest).length > 0 ? rest : undefined;
}
