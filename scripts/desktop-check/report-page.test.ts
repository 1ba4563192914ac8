import { expect, it } from 'vitest';
import { reportPage } from './report-page.ts';

const report = {
  startedAt: '2026-01-01T12:00:00Z',
  program: '/opt/app',
  system: 'Linux 6',
  findings: [
    { group: 'Tray', what: 'its text', verdict: 'ok', seen: 'a & b <b>' },
    { group: 'Tray', what: 'its menu', verdict: 'failed', seen: 'it has no “Quit”' },
  ],
  pictures: [{ file: '01-the-window.png', caption: 'The window' }],
} as const;

it('tells first what failed, and shows the pictures', () => {
  const page = reportPage(report);
  expect(page).toContain('<h1>Desktop check: 1 failed</h1>');
  expect(page).toMatch(/What failed.*<h2>Tray<\/h2>/s);
  expect(page).toContain('<img src="01-the-window.png" alt="The window">');
});

it('takes nothing that was seen for markup', () => {
  expect(reportPage(report)).toContain('a &amp; b &lt;b&gt;');
});
