import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Runs a program to its end; rejects with what it complained about. Gives what it printed. */
export function runTool(program: string, args: readonly string[], timeoutMs = 10_000): Promise<string> {
  return new Promise((done, failed) => {
    execFile(
      program,
      [...args],
      { timeout: timeoutMs, maxBuffer: 64 * 2 ** 20, windowsHide: true },
      (failure, out, complaint) => {
        if (failure) failed(new Error(complaint.trim().split('\n')[0] || failure.message));
        else done(out);
      },
    );
  });
}

/** True if the program is somewhere on the PATH. */
export function hasTool(program: string, path: string = process.env.PATH ?? ''): boolean {
  const name = process.platform === 'win32' ? `${program}.exe` : program;
  return path.split(delimiter).some((folder) => isProgram(join(folder, name)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
