/** Under which name an attribute of a span or log record goes into its line, so that it is not taken for what the line says itself. */
import { meaningOf, type KeyMeaning, type Meaning } from '../spellings.ts';

const TOP = { path: '', wrapped: false };
const REMEMBERED = 10_000;
const known = new Map<string, KeyMeaning>();
function lookUp(name: string): KeyMeaning {
  let found = known.get(name);
  if (!found) {
    if (known.size >= REMEMBERED) known.clear();
    found = meaningOf(name, TOP);
    known.set(name, found);
  }
  return found;
}

/** What the lines say by keys of their own. */
const OWN = ['timestamp', 'level', 'service.name', 'message', 'trace_id', 'span_id', 'event.duration'] as const;

/**
 * Adds attributes behind a line's own keys. A name stays as it is, so that http.status_code or user.id fill their columns, unless the line
 * says that thing itself (a tag `message`, `duration`, or `component`, which would pass for the service): then, and when the name is taken,
 * it becomes attributes.NAME or resource.NAME, which has no meaning of its own.
 */
export class AttributeNames {
  private readonly entries: Map<string, unknown>;
  /** per meaning: the rank of the line's own key, -1 when the line could say it and does not */
  private readonly own = new Map<Meaning, number>();
  /** how often a name came again */
  private readonly again = new Map<string, number>();

  /** `left`: what the line may take from attributes when it does not say it itself. */
  constructor(entries: Map<string, unknown>, left: readonly (typeof OWN)[number][] = []) {
    this.entries = entries;
    for (const key of OWN) {
      const { spelling } = lookUp(key);
      if (!spelling) throw new Error(`the spellings do not know ${key}`);
      if (entries.has(key)) this.own.set(spelling.meaning, spelling.rank);
      else if (!left.includes(key)) this.own.set(spelling.meaning, -1);
    }
  }

  add(name: string, value: unknown, whose: 'attributes' | 'resource' | 'otel.scope'): void {
    if (value === undefined) return;
    const key = keyOf(name);
    let free = this.nameOf(name, value, whose);
    if (this.entries.has(free)) {
      if (this.entries.get(free) === value) return;
      if (free === key) free = `${whose}.${key}`;
      if (this.entries.has(free)) {
        const count = (this.again.get(free) ?? 1) + 1;
        this.again.set(free, count);
        free = `${free}.${count}`;
      }
    }
    this.entries.set(free, value);
  }

  /** The name it gets when that is not taken yet. */
  nameOf(name: string, value: unknown, whose: 'attributes' | 'resource' | 'otel.scope'): string {
    const key = keyOf(name);
    return this.collides(key, value) ? `${whose}.${key}` : key;
  }

  private collides(name: string, value: unknown): boolean {
    const { spelling, marks, inside } = lookUp(name);
    if (marks !== 0 || (inside !== null && typeof value === 'object' && value !== null)) return true;
    if (!spelling || typeof value === 'boolean') return false;
    const rank = this.own.get(spelling.meaning);
    return rank !== undefined && (rank < 0 || spelling.rank <= rank);
  }
}

function keyOf(name: string): string {
  return name === '' ? '(no name)' : name.length > 512 ? `${name.slice(0, 512)}…` : name;
}
