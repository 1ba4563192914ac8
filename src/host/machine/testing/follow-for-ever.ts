/** Follows the machine whose programs are on PATH, until it is ended, and says when the first GPU was measured. */
import { join } from 'node:path';
import { createLocalMachine } from '../local-machine.ts';

const folder = process.argv[2] ?? '';
const machine = createLocalMachine({
  log() {},
  platform: 'linux',
  places: { drm: join(folder, 'drm') },
  times: { urgent: 20, first: 5 },
});
let isTold = false;
machine.follow(
  ({ gpus }) => {
    if (gpus.length === 0 || isTold) return;
    isTold = true;
    process.stdout.write('measured\n');
  },
  () => true,
);
// As the app does: its own end comes before the process ends.
process.once('SIGTERM', () => process.exit(0));
