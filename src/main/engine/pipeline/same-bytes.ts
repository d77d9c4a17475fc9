/**
 * Whether bytes[start, end) are those that `held` has from `from` on. `view` and `heldView` are over the same bytes as `bytes` and `held`:
 * four are compared at a time.
 */
export function sameBytes(bytes: Uint8Array, view: DataView, start: number, end: number, held: Uint8Array, heldView: DataView, from: number): boolean {
  if (end - start < 4) {
    for (let i = start, k = from; i < end; i++, k++) if (bytes[i] !== held[k]) return false;
    return true;
  }
  const last = end - 4;
  for (let i = start, k = from; i < last; i += 4, k += 4) if (view.getInt32(i, true) !== heldView.getInt32(k, true)) return false;
  // The last four bytes overlap what was compared before.
  return view.getInt32(last, true) === heldView.getInt32(from + last - start, true);
}
