/**
 * The Content-Security-Policy of the page. Everything comes from the page's own origin; `media` is where
 * executed images come from if that is elsewhere.
 */
export function pagePolicy(media = ''): string {
  const own = `'self'${media === '' ? '' : ` ${media}`}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    `img-src ${own}`,
    `media-src ${own}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
