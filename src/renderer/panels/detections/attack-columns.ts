/** Rules by tactic and technique. A rule counts in each tactic that it names; its events are counted once a rule. */
import { ATTACK_TACTICS, type SigmaRule } from '../../../shared/contract/sigma.ts';

interface TechniqueCell {
  id: string;
  name: string;
  rules: number;
  events: number;
}
export interface TacticColumn {
  tactic: { id: string; name: string };
  events: number;
  techniques: TechniqueCell[];
}
/** In the order of an attack. */
function place(id: string): number {
  return ATTACK_TACTICS.findIndex((tactic) => tactic.id === id);
}

export function attackColumns(rules: readonly SigmaRule[]): TacticColumn[] {
  const columns = new Map<string, { column: TacticColumn; cells: Map<string, TechniqueCell> }>();
  for (const rule of rules) {
    if (!rule.enabled || rule.silent || rule.kind === 'filter') continue;
    for (const tactic of rule.tactics) {
      let known = columns.get(tactic.id);
      if (!known) columns.set(tactic.id, (known = { column: { tactic, events: 0, techniques: [] }, cells: new Map() }));
      known.column.events += rule.events;
      for (const { id, name } of rule.techniques) {
        const cell = known.cells.get(id) ?? { id, name, rules: 0, events: 0 };
        cell.rules++;
        cell.events += rule.events;
        known.cells.set(id, cell);
      }
    }
  }
  return [...columns.values()]
    .map(({ column, cells }) => ({ ...column, techniques: [...cells.values()].sort((a, b) => b.events - a.events || (a.id < b.id ? -1 : 1)) }))
    .sort((a, b) => place(a.tactic.id) - place(b.tactic.id));
}
