import { readFileSync } from 'node:fs';

/** Whether a process runs; one that ended does not, even if nobody has asked how. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Another system than Linux: parents there ask at once.
    return process.platform !== 'linux';
  }
}
