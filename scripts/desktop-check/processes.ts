/** Processes as each system lists them: the one place where the check depends on the system that way. */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { runTool } from './tool.ts';

/** A process; ids are given anew, so its start belongs to its name. */
export interface ListedProcess {
  pid: number;
  parent: number;
  /** In whatever words the system has. */
  startedAt: string;
}

/** What processes have used. */
export interface Usage {
  /** Seconds of processor time since each one's start. */
  cpuSeconds: ReadonlyMap<number, number>;
  /** Bytes of memory, shared ones counted in parts. */
  memory: number;
  /** How `memory` was measured. */
  memoryKind: string;
}

/** A process and everything that it started, itself first. */
export async function processTree(root: number): Promise<ListedProcess[]> {
  const all = await listProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  for (const process of tree) tree.push(...all.filter(({ parent }) => parent === process.pid));
  return tree;
}

/** Those that are still there. */
export async function stillThere(processes: readonly ListedProcess[]): Promise<ListedProcess[]> {
  const now = await listProcesses();
  return processes.filter(({ pid, startedAt }) =>
    now.some((other) => other.pid === pid && other.startedAt === startedAt),
  );
}

/** Ends a process and everything that it started, at once. `group` is the id of the group it leads. */
export async function killEverything(processes: readonly ListedProcess[], group: number): Promise<void> {
  if (process.platform === 'win32')
    await runTool('taskkill', ['/pid', `${group}`, '/T', '/F']).catch(() => {});
  else killQuietly(-group);
  for (const { pid } of await stillThere(processes)) killQuietly(pid);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

async function listProcesses(): Promise<ListedProcess[]> {
  switch (process.platform) {
    case 'linux':
      return numbersIn('/proc').flatMap((pid) => linuxProcess(pid) ?? []);
    case 'win32':
      return readWindowsList(
        await runTool('powershell.exe', ['-NoProfile', '-Command', windowsQuery], 30_000),
      );
    default:
      return readPosixList(await runTool('ps', ['-axo', 'pid=,ppid=,lstart=']));
  }
}

const windowsQuery =
  'Get-CimInstance Win32_Process | Select-Object ProcessId, ParentProcessId, ' +
  "@{ n = 'Start'; e = { $_.CreationDate.Ticks } } | ConvertTo-Json -Compress";

export function readWindowsList(text: string): ListedProcess[] {
  const entry = z.object({
    ProcessId: z.number(),
    ParentProcessId: z.number(),
    Start: z.number().nullable(),
  });
  return z
    .array(entry)
    .parse(JSON.parse(text))
    .map(({ ProcessId, ParentProcessId, Start }) => ({
      pid: ProcessId,
      parent: ParentProcessId,
      startedAt: String(Start),
    }));
}

/** What `ps -o pid=,ppid=,lstart=` prints. */
export function readPosixList(text: string): ListedProcess[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, startedAt] = /^\s*(\d+)\s+(\d+)\s+(.+?)\s*$/.exec(line) ?? [];
    return pid && parent && startedAt ? [{ pid: Number(pid), parent: Number(parent), startedAt }] : [];
  });
}

function linuxProcess(pid: number): ListedProcess | null {
  const stat = readStat(pid);
  // Ended, but not yet asked for by its parent: it uses nothing any more.
  if (!stat || stat.state === 'Z') return null;
  return { pid, parent: stat.parent, startedAt: stat.startedAt };
}

interface LinuxStat {
  state: string;
  parent: number;
  /** Ticks of the clock. */
  cpuTicks: number;
  startedAt: string;
}

function readStat(pid: number): LinuxStat | null {
  const text = readText(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/** The fields of /proc/PID/stat, of which the second, the name, may hold spaces and brackets. */
export function parseStat(text: string): LinuxStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startedAt: fields[19] ?? '',
  };
}

/** Linux only: what the kernel has counted for these processes. */
export async function linuxUsage(pids: readonly number[]): Promise<Usage> {
  const ticksPerSecond = Number((await runTool('getconf', ['CLK_TCK'])).trim());
  const cpuSeconds = new Map<number, number>();
  let memory = 0;
  const kinds = new Set<string>();
  for (const pid of pids) {
    const stat = readStat(pid);
    if (stat) cpuSeconds.set(pid, stat.cpuTicks / ticksPerSecond);
    const part = linuxMemory(pid);
    if (!part) continue;
    memory += part.bytes;
    kinds.add(part.kind);
  }
  return { cpuSeconds, memory, memoryKind: [...kinds].join(' and ') };
}

/** The proportional share; the kernel keeps that of a sandboxed process from others, but not what is its own. */
function linuxMemory(pid: number): { bytes: number; kind: string } | null {
  const share = kibibytes(readText(`/proc/${pid}/smaps_rollup`), 'Pss');
  if (share !== null) return { bytes: share, kind: 'PSS' };
  const own = kibibytes(readText(`/proc/${pid}/status`), 'RssAnon');
  return own === null ? null : { bytes: own, kind: 'own memory (RssAnon)' };
}

function kibibytes(text: string | null, name: string): number | null {
  const found = text === null ? null : new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return found ? Number(found) * 1024 : null;
}

/** Linux only: whether the kernel filters the system calls of a process, and gives it no new rights. */
export function linuxSandbox(pid: number): { filtered: boolean; noNewRights: boolean } | null {
  const text = readText(`/proc/${pid}/status`);
  if (text === null) return null;
  const value = (name: string): string | undefined => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1];
  // 2 is the mode with filters.
  return { filtered: value('Seccomp') === '2', noNewRights: value('NoNewPrivs') === '1' };
}

/**
 * Linux only: `x11` or `wayland`, as Chromium tells the processes that it starts; null where it does not, as in
 * old versions.
 */
export function linuxWindowing(pids: readonly number[]): string | null {
  for (const pid of pids) {
    const [, platform] = /--ozone-platform=(\w+)/.exec(readText(`/proc/${pid}/cmdline`) ?? '') ?? [];
    if (platform) return platform;
  }
  return null;
}

function numbersIn(folder: string): number[] {
  return readdirSync(folder).map(Number).filter(Number.isInteger);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
