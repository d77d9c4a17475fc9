/**
 * Templates of a case, as many parse workers made them on their own, grouped into patterns: by the same statistics as the lines of a
 * file, and then by what people merged and split. Nothing stored is changed by it, so it can be done anew at any time.
 */
import type { GroupedTemplate, PatternEdit, TemplateRow } from '../../store/patterns.ts';
import { refining } from './refine.ts';
import { patternText, readPattern, type Token } from './tokens.ts';

/** A pattern is not longer than this where it is shown; what templates say beyond is in their own texts. */
const MAX_TEXT = 4000;

/** Templates that are read between two turns. */
const READ_AT_ONCE = 200;

/** `turn` is awaited between steps of some milliseconds. */
export async function groupTemplates(templates: readonly TemplateRow[], edits: readonly PatternEdit[], turn: () => Promise<void> = async () => {}): Promise<GroupedTemplate[]> {
  const shapes: Token[][] = [];
  for (const { pattern } of templates) if (shapes.push(readPattern(pattern)) % READ_AT_ONCE === 0) await turn();
  const steps = refining(shapes);
  let step = steps.next();
  for (; !step.done; step = steps.next()) await turn();
  const { pattern, patterns } = step.value;
  const groups = new Groups();
  const first = new Map<number, number>();
  templates.forEach(({ id }, i) => {
    const head = first.get(pattern[i]);
    if (head === undefined) {
      first.set(pattern[i], id);
      groups.found(id, patternText(patterns[pattern[i]]).slice(0, MAX_TEXT));
    } else groups.join(head, id);
  });
  for (const edit of edits) groups.apply(edit);
  return groups.rows();
}

interface Group {
  /** ascending */
  templates: number[];
  text: string;
}

class Groups {
  readonly #of = new Map<number, Group>();

  found(template: number, text: string): void {
    this.#of.set(template, { templates: [template], text });
  }
  join(head: number, template: number): void {
    const group = this.#of.get(head);
    if (!group) return;
    group.templates.push(template);
    this.#of.set(template, group);
  }

  /** Templates that are not there any more (a case that was salvaged) are passed over. */
  apply({ kind, templates, text }: PatternEdit): void {
    const there = templates.filter((template) => this.#of.has(template));
    if (there.length === 0) return;
    const members = new Set(there);
    for (const template of there) {
      const group = this.#of.get(template);
      if (!group) continue;
      if (kind === 'merge') for (const each of group.templates) members.add(each);
      else group.templates = group.templates.filter((each) => each !== template);
    }
    const group: Group = { templates: [...members].sort((a, b) => a - b), text };
    for (const template of group.templates) this.#of.set(template, group);
  }

  /** Two patterns that read alike are one to a query, so they are told apart by a number behind. */
  rows(): GroupedTemplate[] {
    const taken = new Map<string, number>();
    const named = new Map<Group, string>();
    const out: GroupedTemplate[] = [];
    for (const [template, group] of [...this.#of].sort((a, b) => a[0] - b[0])) {
      let text = named.get(group);
      if (text === undefined) {
        const n = (taken.get(group.text) ?? 0) + 1;
        taken.set(group.text, n);
        text = n === 1 ? group.text : `${group.text} (${n})`;
        named.set(group, text);
      }
      const [pattern] = group.templates;
      out.push({ template, pattern, text: template === pattern ? text : '' });
    }
    return out;
  }
}
