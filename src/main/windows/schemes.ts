import { protocol } from 'electron';
import type { MediaRequest } from '../../host/media.ts';
import type { PageFile } from '../../host/page/page-files.ts';
import { pagePolicy } from '../../host/page/page-policy.ts';

const pageScheme = 'app';
const mediaScheme = 'comfy-media';
const host = 'monitor';

/** The page's address; nothing else may be shown in a window. */
export const pageUrl = `${pageScheme}://${host}/index.html`;
/** Where the page finds executed files and previews. */
export const mediaBase = `${mediaScheme}://${host}`;

/** Tells Chromium about our schemes; must happen before the app is ready. */
export function declareSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
    { scheme: mediaScheme, privileges: { standard: true, secure: true, stream: true } },
  ]);
}

/** Serves the built page from memory, and media of watched servers through the host. */
export function answerSchemes(sources: {
  files: ReadonlyMap<string, PageFile>;
  media: (request: MediaRequest) => Promise<Response>;
}): void {
  protocol.handle(pageScheme, (request) => {
    const url = new URL(request.url);
    const file = url.host === host ? sources.files.get(url.pathname.slice(1)) : undefined;
    return file ? pageResponse(file) : new Response('Not found.', { status: 404 });
  });
  protocol.handle(mediaScheme, async (request) => {
    const { host: asked, pathname: path, searchParams: query } = new URL(request.url);
    if (asked !== host || request.method !== 'GET') return new Response('Not found.', { status: 404 });
    const range = request.headers.get('range');
    // Nothing tells of a load that was given up before its answer is there: the signal of Electron's requests
    // belongs to no page (lib/browser/api/protocol.ts, Electron 45). Later, Electron cancels the answer's body,
    // and that ends the download from the server.
    const response = await sources.media({ path, query, range });
    // For Chromium another scheme is another site. No page but ours can ask for this one.
    response.headers.set('cross-origin-resource-policy', 'cross-origin');
    return response;
  });
}

function pageResponse(file: PageFile): Response {
  return new Response(new Uint8Array(file.body), {
    headers: {
      'content-type': file.contentType,
      'content-security-policy': pagePolicy(`${mediaScheme}:`),
      'x-content-type-options': 'nosniff',
    },
  });
}

/** True for addresses of our own page, whatever follows the path. */
export function isPageUrl(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${pageScheme}:` && url.host === host;
  } catch {
    return false;
  }
}
