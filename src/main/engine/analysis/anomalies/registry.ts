/** Every detector of anomalies in a series; those whose reasons are easiest to follow come first. */
import { autoencoder } from './autoencoder.ts';
import { changes } from './change-points.ts';
import type { Detector } from './detector.ts';
import { isolationForest } from './isolation-forest.ts';
import { localOutlierFactor } from './local-outlier-factor.ts';
import { novelty } from './novelty.ts';
import { robustZ } from './robust-z.ts';
import { seasonal } from './seasonal.ts';

export const DETECTORS: readonly Detector[] = [robustZ, seasonal, novelty, changes, isolationForest, localOutlierFactor, autoencoder];
