import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { PresentedCertificate, ServerTest } from '../../../contract/server-details.ts';
import { bundledCompanionVersion } from '../../../domain/companion.ts';
import type { ConnectionProblem } from '../../../domain/server.ts';
import { ConnectionReport } from './connection-report.tsx';

const gib = 1024 ** 3;
const found: Extract<ServerTest, { ok: true }> = {
  ok: true,
  comfyVersion: '0.27.0',
  devices: [{ name: 'RTX 4090', type: 'cuda', index: 0, vramTotal: 24 * gib }],
  crystools: 'present',
  companion: 'present',
  companionVersion: bundledCompanionVersion,
  roundTrip: 12.4,
  socket: null,
};
const certificate: PresentedCertificate = {
  pem: 'PEM',
  fingerprint: 'AA:BB:CC',
  subject: 'O=Studio\nCN=gpu-box',
  validUntil: Date.UTC(2099, 0, 2, 12),
};

function report(
  result: ServerTest,
  {
    trusted = null,
    onTrust = vi.fn(),
    platform = null,
    url = 'https://box',
  }: {
    trusted?: string | null;
    onTrust?: (pem: string) => void;
    platform?: string | null;
    url?: string;
  } = {},
) {
  render(
    <ConnectionReport
      test={{ stage: 'done', result }}
      url={url}
      platform={platform}
      trusted={trusted}
      onTrust={onTrust}
    />,
  );
}

function failed(
  problem: Partial<ConnectionProblem>,
  presented: PresentedCertificate | null = null,
): ServerTest {
  return {
    ok: false,
    problem: { kind: 'tls', detail: '', status: null, ...problem },
    certificate: presented,
  };
}

const fact = (name: string) => screen.getByText(name).nextElementSibling?.textContent;

describe('a connection that works', () => {
  it('is described by who answered, how fast, and with what', () => {
    report(found);
    expect(fact('ComfyUI')).toBe('0.27.0');
    expect(fact('Answer')).toBe('after 12 ms');
    expect(fact('Device')).toBe('RTX 4090 (24.0 GiB)');
    expect(fact('Crystools')).toBe('Found');
    expect(fact('Companion node')).toBe(`Installed, version ${bundledCompanionVersion}`);
  });

  it('says what is missed without the extensions', () => {
    report({ ...found, crystools: 'absent', companion: 'absent', companionVersion: null, roundTrip: 2_340 });
    expect(fact('Crystools')).toMatch(/^Not found: GPU load and temperature cannot be shown/);
    expect(fact('Companion node')).toMatch(/^Not installed: no live progress/);
    expect(fact('Answer')).toBe('after 2.3 s');
  });

  it('tells an old companion node, and several devices apart', () => {
    const [device] = found.devices;
    report({
      ...found,
      companionVersion: '0.0.1',
      devices: device ? [device, { ...device, vramTotal: null }] : [],
    });
    expect(fact('Companion node')).toContain(
      `Version 0.0.1 is older than this monitor’s ${bundledCompanionVersion}`,
    );
    expect(fact('Device 1')).toBe('RTX 4090');
  });
});

describe('a connection that fails', () => {
  it('is explained in three sentences, with the technical detail', () => {
    report(failed({ kind: 'refused', detail: 'connect ECONNREFUSED' }));
    screen.getByRole('heading', { name: 'Nothing is listening at https://box.' });
    screen.getByText('ComfyUI is not running there, or it uses another port.');
    screen.getByText(/^Start ComfyUI there with --listen/);
    screen.getByText('connect ECONNREFUSED');
  });

  it('may be one that macOS does not allow', () => {
    report(failed({ kind: 'unreachable' }), { url: 'http://10.0.0.2:8188', platform: 'darwin' });
    screen.getByText(/Privacy & Security → Local Network/);
  });

  it('offers to trust a certificate that nobody vouches for, after showing it', async () => {
    const onTrust = vi.fn();
    report(failed({}, certificate), { onTrust });
    expect(fact('Made out to')).toBe('O=Studio, CN=gpu-box');
    expect(fact('SHA-256')).toBe('AA:BB:CC');
    expect(fact('Valid until')).toBe('2 January 2099');
    await userEvent.click(screen.getByRole('button', { name: 'Trust this certificate' }));
    expect(onTrust).toHaveBeenCalledWith('PEM');
  });

  it('warns when another certificate was trusted before', () => {
    report(failed({}, certificate), { trusted: 'OTHER' });
    screen.getByText(/This is not the certificate that you trusted/);
    screen.getByRole('button', { name: 'Trust the new certificate' });
  });

  it('says that a certificate has expired', () => {
    report(failed({}, { ...certificate, validUntil: Date.UTC(2001, 0, 2, 12) }));
    expect(fact('Valid until')).toBe('2 January 2001 – expired');
  });

  it('offers nothing to trust that is trusted already, or where nothing was presented', () => {
    report(failed({}, certificate), { trusted: 'PEM' });
    report(failed({}));
    expect(screen.queryByRole('button', { name: /Trust/ })).toBeNull();
  });
});
