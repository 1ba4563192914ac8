import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../../contract/preferences.ts';
import { desktopHost } from '../../contract/testing/hosts.ts';
import { reduce } from '../../domain/reduce.ts';
import { unknownFacts } from '../../domain/server.ts';
import { event, machineWith, sample, stateAfter, testServer } from '../../domain/testing/builders.ts';
import { type DiagnosticsSources, diagnosticsText } from './diagnostics.ts';

function textOf(part: Partial<DiagnosticsSources> = {}): string {
  return diagnosticsText({
    host: { ...desktopHost, appVersion: '1.2.3' },
    versions: { node: '24.0.0', electron: '45.0.0' },
    arch: 'x64',
    now: 0,
    wallTimeOf: (at) => at,
    state: stateAfter(),
    preferences: defaultPreferences,
    lines: [],
    secrets: [],
    home: '/home/ada',
    ...part,
  });
}

describe('diagnostics', () => {
  it('say what runs where, how every server stands, and what is set', () => {
    const text = textOf({ lines: ['something happened'] });
    expect(text).toContain('Comfy Monitor 1.2.3 (desktop), linux x64');
    expect(text).toContain('Electron 45.0.0, Node 24.0.0');
    expect(text).toContain('Server 1: http://127.0.0.1:8188, login: none');
    expect(text).toContain('connected since 1970-01-01T00:00:00.000Z');
    expect(text).toContain('"atLeastSeconds": 0');
    expect(text).toContain('something happened');
  });

  it('say what cannot be read of a server', () => {
    const problem = { kind: 'server-error', status: 500, detail: 'Internal Server Error' } as const;
    const facts = { ...unknownFacts, unreadable: [{ source: 'history' as const, problem }] };
    expect(textOf({ state: reduce(stateAfter(), event(0, 'facts_learnt', { facts })) })).toContain(
      'The history (/history) cannot be read: the server has an error (status 500).',
    );
  });

  it('say what measures each GPU, and why some of it is not measured', () => {
    const machine = machineWith({
      name: 'NVIDIA L40S',
      sources: { loadPercent: 'companion', vramUsed: 'companion' },
      missing: { fanPercent: 'no fan' },
    });
    const measured = event(1, 'telemetry_sampled', { sample: sample(1, 50), machine });
    expect(textOf({ state: stateAfter(measured) })).toContain(
      'GPU 0: NVIDIA L40S; load: companion, VRAM: companion, power: none; not measured: fanPercent (no fan)',
    );
  });

  it('carry nothing of a secret that begins with another one', () => {
    const secrets = Object.freeze(['SHORT', 'SHORT-AND-MORE']);
    expect(textOf({ lines: ['sent SHORT-AND-MORE'], secrets })).toMatch(/sent \(secret\)$/);
  });

  it('carry no secrets, wherever they come from', () => {
    const server = { ...testServer, url: 'https://ada:PASS-1@gpu.example.org/comfy?token=TOK-2' };
    const state = reduce(stateAfter(), event(0, 'server_changed', { server }));
    const text = textOf({
      state,
      secrets: ['VAULT-3'],
      lines: [
        'fetching https://ada:PASS-1@gpu.example.org/ failed',
        'sent VAULT-3 to nobody',
        'Authorization: Bearer abcdef.HEADER-4',
        'config password=PASS-5 was wrong',
        'in /home/ada/work',
      ],
    });
    expect(text).toContain('https://gpu.example.org/comfy');
    for (const secret of ['PASS-1', 'TOK-2', 'VAULT-3', 'HEADER-4', 'PASS-5', 'ada'])
      expect(text).not.toContain(secret);
    expect(text).toContain('in ~/work');
  });
});
