import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { bundledCompanionVersion } from '../../domain/companion.ts';
import { type ServerFacts, unknownFacts } from '../../domain/server.ts';
import type { GpuState, TelemetrySource } from '../../domain/telemetry/machine-state.ts';
import type { GpuSample } from '../../domain/telemetry/telemetry.ts';
import { gpuState } from '../../domain/testing/builders.ts';
import type { GpuFacts } from './gpus/gpu-explanation.ts';
import { MissingTelemetry } from './missing-telemetry.tsx';

const today: ServerFacts = {
  ...unknownFacts,
  comfyVersion: '0.3.60',
  rest: 'present',
  crystools: 'absent',
  companion: 'absent',
};
const cpu = { devices: [{ name: 'cpu', type: 'cpu', index: null, vramTotal: null }] };
const withCompanion = { companion: 'present', companionVersion: bundledCompanionVersion } as const;

function gpu(sample: Partial<GpuSample>, state: Partial<GpuState> = {}): GpuFacts {
  const unmeasured = {
    loadPercent: null,
    temperatureC: null,
    vramUsed: 5,
    vramTotal: 9,
    powerWatts: null,
  };
  return {
    named: { place: 0, number: null, model: null },
    gpu: gpuState(state),
    sample: { ...unmeasured, ...sample },
  };
}

interface Case {
  source: TelemetrySource | null;
  facts?: Partial<ServerFacts>;
  gpus?: GpuFacts[];
  connected?: boolean;
  polled?: boolean;
}

function textOf({ source, facts = {}, gpus = [gpu({})], connected = true, polled = false }: Case) {
  const onInstall = vi.fn();
  const { container } = render(
    <MissingTelemetry
      facts={{ ...today, ...facts }}
      source={source}
      gpus={gpus}
      connected={connected}
      polled={polled}
      onInstall={onInstall}
    />,
  );
  return { text: container.textContent, onInstall };
}

describe('with ComfyUI’s own figures alone', () => {
  it('offers our companion node first, and Crystools as the other way', async () => {
    const { text, onInstall } = textOf({ source: 'system_stats' });
    expect(text).toMatch(/^GPU load, temperature, CPU and disk are not available\. .*only RAM and VRAM\./);
    expect(text).toMatch(/Our companion node .*The other way: .*“ComfyUI-Crystools”.*NVIDIA’s GPUs alone/);
    await userEvent.click(screen.getByRole('button', { name: 'Install the companion node' }));
    expect(onInstall).toHaveBeenCalledTimes(1);
  });

  it('speaks of no GPU where there is none', () => {
    const { text } = textOf({ source: 'system_stats', facts: cpu, gpus: [] });
    expect(text).toMatch(/^CPU load and disk are not available\. ComfyUI itself tells only RAM\./);
    expect(text).not.toMatch(/GPU|VRAM/);
  });

  it('has an older companion node updated', () => {
    textOf({ source: 'system_stats', facts: { companion: 'present', companionVersion: '0.0.1' } });
    screen.getByRole('button', { name: 'Update the companion node' });
  });

  it('does not send to install what is there', () => {
    const { text } = textOf({ source: 'system_stats', facts: { ...withCompanion, crystools: 'present' } });
    expect(text).toContain('Our companion node is there, but has sent no figures.');
    expect(text).toContain('Crystools is there, but sends no such figures.');
    expect(text).not.toMatch(/[Ii]nstall/);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('offers nothing that this ComfyUI cannot run', () => {
    expect(textOf({ source: 'system_stats', facts: { customNodesOff: true } }).text).toMatch(
      /started without custom nodes/,
    );
    const old = textOf({ source: 'system_stats', facts: { comfyVersion: '0.3.10' } });
    expect(old.text).toMatch(/From ComfyUI 0\.3\.40 on.*To see them: .*“ComfyUI-Crystools”/);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says that what does not get through would not help', () => {
    const { text } = textOf({ source: 'system_stats', polled: true });
    expect(text).toContain('over the WebSocket, which does not get through');
    expect(text).not.toMatch(/[Ii]nstall|Crystools|companion/);
  });
});

describe('with a source that measures', () => {
  it.each<[string, Case]>([
    ['companion', { source: 'companion', facts: withCompanion, gpus: [gpu({ loadPercent: 3 })] }],
    ['this computer', { source: 'local', gpus: [gpu({ loadPercent: 3 })] }],
    [
      'this computer, while the socket does not get through',
      { source: 'local', polled: true, gpus: [gpu({ loadPercent: 3 })] },
    ],
    ['this computer, without a GPU', { source: 'local', facts: cpu, gpus: [] }],
    ['Crystools', { source: 'crystools', facts: { crystools: 'present' }, gpus: [gpu({ loadPercent: 3 })] }],
  ])('says nothing: %s', (_, situation) => {
    expect(textOf(situation).text).toBe('');
  });

  it('says plainly why a load cannot be had', () => {
    const missing = { loadPercent: 'the driver does not measure the load of MIG slices' };
    expect(textOf({ source: 'companion', gpus: [gpu({}, { missing })] }).text).toBe(
      'GPU load is not measured: the driver does not measure the load of MIG slices.',
    );
    const found = gpu({}, { sources: { vramUsed: 'local' } });
    expect(textOf({ source: 'local', gpus: [found] }).text).toBe(
      'GPU load is not measured: the driver of this GPU does not tell it.',
    );
  });

  it('blames no driver where the GPU was not found at all, and offers our node if that may find it', () => {
    const named = gpu({}, { sources: { vramUsed: 'system_stats' } });
    const here = textOf({ source: 'local', gpus: [named] });
    expect(here.text).toContain('nothing was found that tells of this GPU, such as NVIDIA’s nvidia-smi');
    screen.getByRole('button', { name: 'Install the companion node' });
    const there = textOf({ source: 'companion', facts: withCompanion, gpus: [named] });
    expect(there.text).toContain('Our node on the server finds no driver');
    expect(there.text).not.toContain('nstall');
  });

  it('offers our companion node where Crystools does not know the GPU', () => {
    const { text } = textOf({ source: 'crystools', facts: { crystools: 'present' } });
    expect(text).toContain('Crystools does not measure this GPU');
    screen.getByRole('button', { name: 'Install the companion node' });
    expect(text).not.toContain('sends no such figures');
  });

  it('says so of a Mac, too, of whose VRAM nobody tells', () => {
    const mac = gpu({ vramUsed: null, vramTotal: null }, { missing: { vramUsed: 'only the RAM' } });
    const { text } = textOf({ source: 'crystools', facts: { crystools: 'present' }, gpus: [mac] });
    expect(text).toMatch(/GPU load and temperature are not available\..*nor does ComfyUI tell its VRAM/);
    expect(text).toMatch(/Our companion node/);
  });
});

it('waits for the first figures without calling any of them missing', () => {
  expect(textOf({ source: null }).text).toBe('Waiting for the first figures.');
  expect(textOf({ source: null, connected: false }).text).toBe(
    'Figures appear as soon as the server is connected.',
  );
  expect(textOf({ source: 'companion', connected: false }).text).toBe('');
});
