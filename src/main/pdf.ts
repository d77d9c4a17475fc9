/** Prints self-contained HTML to PDF in a hidden window that can run no script and reach nothing. */
import { randomUUID } from 'node:crypto';
import { BrowserWindow, session } from 'electron';
import { TidemarkError } from '../shared/contract/rpc.ts';
import { APP_SCHEME } from './app-protocol.ts';
import { writeAtomically } from './atomic-write.ts';

const PAGE = `${APP_SCHEME}://report/`;
/** The report brings its own styles and pictures; nothing else is loaded, and no script runs even if one were there. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'";
const PRINT_MS = 120_000;
/** Inches. */
const MARGINS = { top: 0.8, bottom: 0.8, left: 0.7, right: 0.7 };

/** Prints `html` to `file`, A4 with `title` and page numbers. The file appears only when it is whole. */
export async function printPdf(html: string, file: string, title: string): Promise<{ bytes: number; pages: number }> {
  // A session of its own, in memory: its rules hold for this page only.
  const isolated = session.fromPartition(`report-${randomUUID()}`, { cache: false });
  isolated.protocol.handle(APP_SCHEME, (request) =>
    request.url === PAGE
      ? new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' } })
      : new Response('', { status: 404 }),
  );
  isolated.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: url !== PAGE && !url.startsWith('data:') }));
  isolated.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: isolated, javascript: false, sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, spellcheck: false, backgroundThrottling: false },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
    window.webContents.on('will-navigate', (event) => event.preventDefault());
    const tooLong = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new TidemarkError('timeout', 'Printing took longer than two minutes. Leave some pins out of the report, or save it as HTML.')), PRINT_MS);
    });
    const printed = window.loadURL(PAGE).then(() =>
      window.webContents.printToPDF({
        pageSize: 'A4',
        printBackground: true,
        displayHeaderFooter: true,
        headerTemplate: line(`<span>${escapeHtml(title)}</span>`),
        footerTemplate: line('<span>Tidemark</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span>'),
        margins: MARGINS,
        generateTaggedPDF: true,
        generateDocumentOutline: true,
      }),
    );
    const pdf = await Promise.race([printed, tooLong]);
    return { bytes: writeAtomically(file, pdf), pages: countPages(pdf) };
  } finally {
    clearTimeout(timer);
    window.destroy();
  }
}

/** Chromium's templates start at size 0 and know no style sheet. */
function line(content: string): string {
  return `<div style="width:100%;margin:0 0.7in;display:flex;justify-content:space-between;font:8px sans-serif;color:#555">${content}</div>`;
}

/** Text as HTML text. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Page objects of a PDF as Chromium writes it (objects of pages are not compressed). */
function countPages(pdf: Uint8Array): number {
  return Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}
