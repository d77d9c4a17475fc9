/** What is told of one target. */
export interface AccuracyLine {
  what: string;
  ours: number;
  /** '%', 'sMAPE', 'points', 'lines/s'... '' for none */
  unit: string;
  /** what was promised, and what is hoped for */
  must?: number;
  aim?: number;
  higherIsBetter: boolean;
  /** published or computed figures of others on the same data */
  peers: { name: string; value: number }[];
  /** what the figure does not show */
  note?: string;
}
export interface AccuracyGroup {
  id: string;
  /** folder of the data, below the one that is given */
  folder: string;
  run(folder: string): Promise<AccuracyLine[]>;
}
