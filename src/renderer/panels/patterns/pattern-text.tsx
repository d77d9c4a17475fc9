import { SafeText } from '../../ui/safe-text.tsx';
import { pieces } from './rows.ts';
import classes from './patterns.module.css';

const NAMES: Readonly<Record<string, string>> = {
  ip: 'an address', num: 'a number', hex: 'a hexadecimal number', id: 'an identifier', uuid: 'a UUID', mac: 'a hardware address', url: 'a URL', path: 'a path', host: 'a host', email: 'an e-mail address', time: 'a time or duration',
  qty: 'a quantity with its unit', object: 'an object', text: 'words that vary', list: 'one or several values', '*': 'anything',
};
export const variableName = (type: string): string => NAMES[type] ?? type;

/** A pattern whose variables are told from its words. */
export function PatternText({ text, fold = 600, wrap = false }: { text: string; fold?: number; wrap?: boolean }) {
  const shown = text.length > fold ? `${text.slice(0, fold)}…` : text;
  if (shown === '') return <span className="dim">no words</span>;
  return pieces(shown).map((piece, i) => (piece.variable ? <span key={i} className={classes.variable} title={variableName(piece.text)}>{`<${piece.text}>`}</span> : <SafeText key={i} text={piece.text} inline={!wrap} fold={fold} />));
}
