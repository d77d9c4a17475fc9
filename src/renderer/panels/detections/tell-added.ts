import type { SigmaAdded } from '../../../shared/contract/sigma.ts';
import { notify } from '../../state/notices.ts';
import { formatCount } from '../../ui/numbers.ts';

/** Says what came of adding rules: those that do not run as well. */
export function tellAdded({ files, rules, unchanged, ignored, problems }: SigmaAdded): void {
  const parts = [
    `${formatCount(rules)} ${rules === 1 ? 'rule runs' : 'rules run'}`, problems.length > 0 ? `${formatCount(problems.length)} ${problems.length === 1 ? 'does' : 'do'} not: see Rules` : '',
    unchanged > 0 ? `${formatCount(unchanged)} ${unchanged === 1 ? 'file was' : 'files were'} here already` : '', ignored > 0 ? `${formatCount(ignored)} ${ignored === 1 ? 'file holds' : 'files hold'} no rule` : '',
  ];
  notify({ title: files === 1 ? 'One file of rules was read' : `${formatCount(files)} files of rules were read`, message: `${parts.filter(Boolean).join('; ')}.` });
}
