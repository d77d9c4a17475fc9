/**
 * Marks an element as showing one value of one field: `<span {...valueProps('service', 'api')}>`. While it has the focus (or the
 * pointer), `f` filters for it, `Shift+f` filters it out, `c` copies it, from anywhere. '' means that events lack the field.
 */
export interface FieldValueRef {
  field: string;
  value: string;
}
export function valueProps(field: string, value: string): { 'data-field': string; 'data-value': string } {
  return { 'data-field': field, 'data-value': value };
}
function refOf(element: Element | null): FieldValueRef | null {
  const holder = element?.closest<HTMLElement>('[data-field]');
  if (!holder) return null;
  return { field: holder.dataset.field ?? '', value: holder.dataset.value ?? '' };
}
/** The value meant now: the focused one, else the one under the pointer. */
export function currentValue(): FieldValueRef | null {
  const under = [...document.querySelectorAll(':hover')].at(-1) ?? null;
  return refOf(document.activeElement) ?? refOf(under);
}
