/**
 * `npm test`: lint, types, boundaries, what is unused, build, the companion's Python tests, then unit, component and
 * end-to-end tests, and at the end one line with the sum. Every check before the tests counts as one.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { buildIfNeeded } from './build.ts';
import { testCompanion } from './companion-tests.ts';

const root = join(import.meta.dirname, '..');
const reportPath = join(root, 'test-output', 'vitest.json');

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), ancestorTitles: z.array(z.string()), title: z.string() }),
      ),
    }),
  ),
});

let passed = 0;
let failed = 0;
let skipped = 0;

await check('lint', () => runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']));
await check('types', () => runTool('typescript7/bin/tsc', ['--build']));
await check('boundaries', () =>
  runTool('dependency-cruiser/bin/dependency-cruise.mjs', [
    'src',
    'simulator',
    'scripts',
    'bench',
    'test',
    '*.ts',
    '--config',
  ]),
);
await check('unused', () => runTool('knip/bin/knip.js', []));
const built = await check('build', () => buildIfNeeded(root));
await runCompanionTests();
await runTests(built);

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

async function check(name: string, run: () => Promise<boolean>): Promise<boolean> {
  const ok = await run();
  console.log(`${ok ? '✓' : '✗'} ${name}`);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

async function runCompanionTests(): Promise<void> {
  const result = await testCompanion(root);
  passed += result.passed;
  failed += result.failed;
  skipped += result.skipped;
  const sign = result.failed > 0 ? '✗' : result.passed > 0 ? '✓' : '-';
  console.log(`${sign} the companion's Python tests (${result.summary})`);
}

/** Without a build there is nothing that the end-to-end tests could run. */
async function runTests(built: boolean): Promise<void> {
  if (!built) {
    console.error('✗ end-to-end tests (not run: the build failed)');
    failed += 1;
  }
  mkdirSync(join(root, 'test-output'), { recursive: true });
  rmSync(reportPath, { force: true });
  const ok = await runTool('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
    ...(built ? [] : ['--project=unit']),
  ]);
  const report = readReport();
  if (!report) {
    failed += 1;
    return;
  }
  passed += report.numPassedTests;
  skipped += report.numPendingTests;
  nameSkipped(report);
  // Files that cannot be loaded and hooks that fail keep tests from running; no test fails by them.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  ).length;
  const failures = report.numFailedTests + broken;
  // Unhandled errors fail the run without failing a test.
  failed += failures === 0 && !ok ? 1 : failures;
}

/** What is skipped says why in its name, so the names are shown; those of a whole group once. */
function nameSkipped(report: z.infer<typeof reportSchema>): void {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const names = tests
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ ancestorTitles, title }) => ancestorTitles[0] ?? title);
  for (const name of new Set(names)) {
    const count = names.filter((other) => other === name).length;
    console.log(`- ${name}: ${count} skipped`);
  }
}

function readReport(): z.infer<typeof reportSchema> | null {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(reportPath, 'utf8')));
  } catch {
    return null;
  }
}

/** Runs a tool of node_modules with this Node; true if it succeeded. */
function runTool(script: string, args: string[]): Promise<boolean> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((done) => {
    child.once('error', () => done(false));
    child.once('exit', (code) => done(code === 0));
  });
}
