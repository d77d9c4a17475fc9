/** Queries run before in this window, for the arrow keys. The latest last; running one again moves it there. */
const MOST = 100;

export interface Recent {
  add(text: string): void;
  /** The one before or after `text`; starting from the latest when `text` is not one of them. null at the ends. */
  move(direction: -1 | 1, text: string): string | null;
}
export function createRecent(): Recent {
  let all: string[] = [];
  return {
    add(text) {
      const trimmed = text.trim();
      if (trimmed === '') return;
      all = [...all.filter((entry) => entry !== trimmed), trimmed].slice(-MOST);
    },
    move(direction, text) {
      const at = all.indexOf(text.trim());
      if (at < 0) return direction === -1 ? (all.at(-1) ?? null) : null;
      const next = at + direction;
      return next < 0 || next >= all.length ? null : all[next];
    },
  };
}
