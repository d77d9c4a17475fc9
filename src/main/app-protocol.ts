/**
 * app://tidemark/ serves the window's own files, and nothing else, with headers that let it run nothing else.
 * A scheme of its own gives the page an origin (file:// has none), so that storage, modules and the sender check work.
 */
import fs from 'node:fs/promises';
import path from 'node:path';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://tidemark`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** 'unsafe-inline' is for styles only: the component kit and the editor add style elements at run time. */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:",
  "connect-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');
const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.json': 'application/json',
};

/** The file a request means, or null when it means nothing inside `root`. */
export function fileOf(root: string, url: string): string | null {
  let parsed: URL;
  let name: string;
  try {
    parsed = new URL(url);
    name = decodeURIComponent(parsed.pathname);
  } catch {
    // Not a URL, or a broken escape in it.
    return null;
  }
  if (parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== 'tidemark' || name.includes('\0') || name.includes('\\')) return null;
  const file = path.resolve(root, `.${name}`);
  return file.startsWith(root + path.sep) && path.extname(file) in TYPES ? file : null;
}

/** Answers requests of the window from `root`, the folder of the built page. */
export function appFiles(root: string): (request: Request) => Promise<Response> {
  const base = path.resolve(root);
  return async (request) => {
    const file = request.method === 'GET' ? fileOf(base, request.url) : null;
    if (file === null) return new Response('Not found', { status: 404, headers: HEADERS });
    try {
      const body = await fs.readFile(file);
      return new Response(new Uint8Array(body), { headers: { ...HEADERS, 'Content-Type': TYPES[path.extname(file)] } });
    } catch {
      // Whatever the reason, the page gets none of the file's path.
      return new Response('Not found', { status: 404, headers: HEADERS });
    }
  };
}
