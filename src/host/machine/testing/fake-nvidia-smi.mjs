/**
 * Behaves as nvidia-smi does, by what stands in the JSON file that its environment names (`FAKE_NVIDIA_SMI`), which it
 * reads again at each round. Beside that file it notes how it was called.
 */
import { appendFileSync, readFileSync } from 'node:fs';

const say = (line) => process.stdout.write(`${line}\n`);
const place = process.env.FAKE_NVIDIA_SMI ?? '';
const args = process.argv.slice(2);
appendFileSync(`${place}.calls`, `${JSON.stringify({ pid: process.pid, args })}\n`);

const options = new Map(args.map((arg) => [arg.split('=', 1)[0], arg.slice(arg.indexOf('=') + 1)]));
const behaviour = () => JSON.parse(readFileSync(place, 'utf8'));
const { says, text } = behaviour();

if (says !== undefined && options.has('--query-gpu')) {
  say(says.line);
  process.exit(says.code);
}
if (args[0] === '-q') say((args[1] === '-x' ? text?.xml : text?.temperature) ?? '');
else if (args[0] === '-L') say(text?.list ?? '');
else if (options.has('--query-gpu')) query();
else process.exit(2);

function query() {
  const { unknown = [] } = behaviour();
  const fields = (options.get('--query-gpu') ?? '').split(',');
  const refused = fields.find((field) => unknown.includes(field));
  if (refused !== undefined) {
    say(`Field "${refused}" is not a valid field to query.\n`);
    process.exit(2);
  }
  const pace = Number(options.get('--loop-ms'));
  if (!args.includes('--format=csv,noheader,nounits') || !(pace >= 1)) process.exit(2);
  round(fields);
  setInterval(() => round(fields), pace);
}

function round(fields) {
  const { gpus = [], hangs, floods, endsWith, givesUpOn } = behaviour();
  if (hangs) return;
  if (floods) process.stdout.write('0, '.repeat(200_000));
  if (endsWith !== undefined) process.exit(endsWith);
  const asked = options.get('--id')?.split(',');
  for (const [index, gpu] of gpus.entries()) {
    const address = gpu['pci.bus_id'];
    if (asked && !asked.some((id) => address.endsWith(id))) continue;
    if (givesUpOn !== undefined && address === givesUpOn) {
      say(
        `Unable to determine the device handle for GPU ${address.slice(4)}: GPU is lost.  Reboot the system to recover this GPU\n`,
      );
      process.exit(15);
    }
    say(fields.map((field) => gpu[field] ?? (field === 'index' ? index : '[N/A]')).join(', '));
  }
}
