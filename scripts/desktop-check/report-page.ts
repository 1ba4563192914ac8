import { exitCodeOf, type Finding, type Report, summaryOf, type Verdict } from './findings.ts';

const words: Record<Verdict, string> = {
  ok: '✓ ok',
  failed: '✗ failed',
  'not here': '– not here',
  figure: '· figure',
};

/** The report as a page that needs nothing but the pictures beside it. Failures come first. */
export function reportPage(report: Report): string {
  const failed = report.findings.filter(({ verdict }) => verdict === 'failed');
  const groups = [...new Set(report.findings.map(({ group }) => group))];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Desktop check: ${escaped(summaryOf(report))}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1e24; background: #fff; }
  table { border-collapse: collapse; width: 100%; }
  td, th { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #d9dce3; overflow-wrap: anywhere; }
  td:first-child { width: 35%; } td:nth-child(2) { white-space: nowrap; }
  [data-verdict="failed"] { color: #a3131f; font-weight: 600; }
  [data-verdict="not here"], [data-verdict="figure"] { color: #5b6070; }
  figure { margin: 1.5rem 0; } img { max-width: 100%; border: 1px solid #d9dce3; }
  @media (prefers-color-scheme: dark) {
    body { color: #e7e8ee; background: #15161a; } td, th, img { border-color: #3a3d47; }
    [data-verdict="failed"] { color: #ff8a8f; } [data-verdict="not here"], [data-verdict="figure"] { color: #a5a9b8; }
  }
</style>
<h1>Desktop check: ${exitCodeOf(report) === 0 ? 'nothing failed' : `${failed.length} failed`}</h1>
<p>${escaped(report.program)} on ${escaped(report.system)}, ${escaped(report.startedAt)}: ${escaped(summaryOf(report))}.</p>
${failed.length > 0 ? `<h2>What failed</h2>\n${table(failed)}` : ''}
${groups.map((group) => `<h2>${escaped(group)}</h2>\n${table(report.findings.filter((finding) => finding.group === group))}`).join('\n')}
${report.pictures.length > 0 ? '<h2>Pictures</h2>' : ''}
${report.pictures
  .map(
    ({ file, caption }) =>
      `<figure><img src="${escaped(file)}" alt="${escaped(caption)}"><figcaption>${escaped(caption)}</figcaption></figure>`,
  )
  .join('\n')}
</html>
`;
}

function table(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ what, verdict, seen }) =>
      `<tr data-verdict="${verdict}"><td>${escaped(what)}<td>${words[verdict]}<td>${escaped(seen)}`,
  );
  return `<table><tr><th>What<th>Verdict<th>Seen\n${rows.join('\n')}\n</table>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
