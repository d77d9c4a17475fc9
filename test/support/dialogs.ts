// Answers the system's own dialogs, which no test can click.

import type { ElectronApplication } from '@playwright/test';

/** From now on, choosing files or folders gives `files`, and saving saves to `save`. */
export async function answerDialogs(app: ElectronApplication, answer: { files?: string[]; save?: string }): Promise<void> {
  await app.evaluate(({ dialog }, { files, save }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: !files, filePaths: files ?? [] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: !save, filePath: save ?? '' });
  }, answer);
}
