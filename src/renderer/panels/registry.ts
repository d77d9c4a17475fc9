/** Every panel there is. Adding one: its folder, and one line here. */
import type { Panel, PanelId } from './panel.ts';

export const PANELS: readonly Panel[] = [
];

export function panelById(id: PanelId): Panel | undefined {
  return PANELS.find((panel) => panel.id === id);
}
