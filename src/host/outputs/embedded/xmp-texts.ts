import { type FoundTexts, wordsOf } from './found-texts.ts';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The texts of an XMP packet (ISO 16684-1) or of an SVG's metadata: whatever stands in elements and attributes. */
export function readXml(data: Buffer, found: FoundTexts): void {
  if (!found.mayRead(data.length)) return;
  const xml = wordsOf(data);
  let plain = '';
  let at = 0;
  for (;;) {
    const start = xml.indexOf('<![CDATA[', at);
    const end = start === -1 ? -1 : xml.indexOf(']]>', start);
    plain += xml.slice(at, end === -1 ? xml.length : start);
    if (end === -1) break;
    found.add('xml', xml.slice(start + 9, end));
    at = end + 3;
  }
  for (const [, name, element] of plain.matchAll(/<([\w:.-]{1,100})[^<>]*>([^<]{8,})</g))
    found.add(local(name), unescaped(element ?? ''));
  for (const [, name, double, single] of plain.matchAll(
    /(?<![\w:.-])([\w:.-]{1,100})=(?:"([^"<]{8,})"|'([^'<]{8,})')/g,
  ))
    found.add(local(name), unescaped(double ?? single ?? ''));
}

function local(name = ''): string {
  return name.slice(name.indexOf(':') + 1);
}

function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
