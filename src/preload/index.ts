/**
 * Runs sandboxed in front of the page. It hands the page its two message ports and the path of a dropped file, nothing else.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

contextBridge.exposeInMainWorld('tidemark', {
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
});

window.addEventListener('message', (event: MessageEvent<{ tidemark?: unknown } | null>) => {
  // Only this page itself: frames and other windows have another source.
  if (event.source === window && event.origin === location.origin && event.data?.tidemark === 'ready') ipcRenderer.send('tidemark:ready');
});
for (const name of ['ports', 'engine-port'] as const) {
  ipcRenderer.on(`tidemark:${name}`, (event) => window.postMessage({ tidemark: name }, location.origin, event.ports));
}
