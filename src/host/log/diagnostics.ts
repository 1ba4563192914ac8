import type { HostInfo } from '../../contract/host-info.ts';
import type { Preferences } from '../../contract/preferences.ts';
import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import { leadingSource, type MachineState } from '../../domain/telemetry/machine-state.ts';
import { unreadableTexts } from '../../domain/unreadable.ts';

export interface DiagnosticsSources {
  host: HostInfo;
  /** Versions of what the app runs on, by name. */
  versions: Record<string, string | undefined>;
  arch: string;
  /** Of the clock on the wall. */
  now: number;
  /** What that said at a time of the state. */
  wallTimeOf: (at: number) => number;
  state: MonitorState;
  preferences: Preferences;
  /** The last lines of the log, from old to new. */
  lines: readonly string[];
  /** Never to be seen, wherever they may have got to. */
  secrets: readonly string[];
  /** The user's folder, whose name is to stay private. */
  home: string;
}

/** What a bug report needs, as text that people can read before they send it. Free of secrets. */
export function diagnosticsText(sources: DiagnosticsSources): string {
  const { host, versions, arch, now, state, preferences, lines, wallTimeOf } = sources;
  const sections = [
    [
      `Comfy Monitor ${host.appVersion} (${host.desktop ? 'desktop' : 'browser'}), ${host.platform} ${arch}`,
      runsOn(versions),
      `Taken at ${new Date(now).toISOString()}`,
    ],
    state.servers.length === 0
      ? ['No server is watched.']
      : state.servers.flatMap((server, index) => serverLines(server, index, wallTimeOf)),
    ['Settings:', JSON.stringify(preferences, null, 2)],
    ['Last lines of the log:', ...(lines.length === 0 ? ['(none)'] : lines)],
  ];
  return withoutSecrets(sections.map((section) => section.join('\n')).join('\n\n'), sources);
}

/** The versions of what the app runs on, as people know them. */
export function runsOn(versions: DiagnosticsSources['versions']): string {
  return (
    [
      ['Electron', 'electron'],
      ['Chromium', 'chrome'],
      ['Node', 'node'],
    ] as const
  )
    .flatMap(([name, key]) => (versions[key] === undefined ? [] : [`${name} ${versions[key]}`]))
    .join(', ');
}

function serverLines(
  server: ServerState,
  index: number,
  wallTimeOf: DiagnosticsSources['wallTimeOf'],
): string[] {
  const { server: set, connection, facts, misunderstood } = server;
  const devices = facts.devices.map(({ name }) => name).join(', ');
  return [
    `Server ${index + 1}: ${bareAddress(set.url)}${set.demo ? ' (demo)' : ''}, login: ${set.authentication.kind}, ${
      set.certificate === null ? 'usual authorities' : 'own certificate'
    }`,
    `  ${connectionText(server, wallTimeOf)}`,
    `  ComfyUI ${facts.comfyVersion ?? '?'}, Python ${facts.pythonVersion ?? '?'}, PyTorch ${
      facts.pytorchVersion ?? '?'
    }, ${facts.os ?? 'system unknown'}`,
    `  Devices: ${devices || 'unknown'}`,
    `  Crystools: ${facts.crystools}, REST: ${facts.rest}, companion: ${facts.companion}${
      facts.companionVersion === null ? '' : ` ${facts.companionVersion}`
    }, telemetry: ${leadingSource(server.telemetry.machine) ?? 'none'}`,
    ...gpuLines(server.telemetry.machine),
    `  Jobs: ${server.running.length} running, ${server.pending.length} waiting, ${
      server.finished.length
    } finished; queue ${server.queueLength ?? 'unknown'}`,
    ...('problem' in connection ? [`  ${connection.problem.kind}: ${connection.problem.detail}`] : []),
    ...unreadableTexts(facts.unreadable).map((text) => `  ${text}`),
    ...misunderstood.map(({ kind, count }) => `  Not understood: ${kind}, ${count} times`),
  ];
}

/** What measures each GPU, and why some of it is not measured. */
function gpuLines({ gpus }: MachineState): string[] {
  return gpus.map((gpu, place) => {
    const { loadPercent, vramUsed, powerWatts } = gpu.sources;
    const missing = Object.entries(gpu.missing).map(([value, reason]) => `${value} (${reason})`);
    return [
      `  GPU ${place}: ${gpu.name ?? 'no name'}${gpu.goneSince === null ? '' : ', gone'}`,
      `load: ${loadPercent ?? 'none'}, VRAM: ${vramUsed ?? 'none'}, power: ${powerWatts ?? 'none'}`,
      ...(missing.length > 0 ? [`not measured: ${missing.join(', ')}`] : []),
    ].join('; ');
  });
}

function connectionText({ connection }: ServerState, wallTimeOf: DiagnosticsSources['wallTimeOf']): string {
  if (connection.phase === 'disabled') return 'switched off';
  return `${connection.phase} since ${new Date(wallTimeOf(connection.since)).toISOString()}`;
}

/** Without user, password, query or fragment. */
function bareAddress(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.origin}${url.pathname === '/' ? '' : url.pathname}` : '(no address)';
}

/** Secrets are not supposed to be in there in the first place. */
function withoutSecrets(text: string, { secrets, home }: DiagnosticsSources): string {
  const hidden = secrets
    .filter((secret) => secret !== '')
    // One can be the beginning of another.
    .sort((a, b) => b.length - a.length)
    .reduce((result, secret) => result.replaceAll(secret, '(secret)'), text);
  return (home.length > 1 ? hidden.replaceAll(home, '~') : hidden)
    .replace(/(:\/\/)[^/\s@]+@/g, '$1')
    .replace(
      /((?:token|password|secret|api[-_]?key|authorization|cookie)["']?\s*[:=]\s*)\S.*/gi,
      '$1(secret)',
    )
    .replace(/\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/g, '$1 (secret)');
}
