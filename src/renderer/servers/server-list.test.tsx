import { screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { event, machineWith, sample, stateAfter } from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { ServerList } from './server-list.tsx';

const start = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});

/** What the row says of a server with GPUs of these loads, percent. */
async function rowOf(gpus: { load: number; isUsed?: boolean }[]): Promise<string | null> {
  const measured = gpus.map(({ load }) => ({
    loadPercent: load,
    temperatureC: null,
    vramUsed: null,
    vramTotal: null,
    powerWatts: null,
  }));
  const state = stateAfter(
    event(start, 'telemetry_sampled', {
      sample: { ...sample(start), gpus: measured },
      machine: machineWith(...gpus.map(({ isUsed = true }) => ({ isUsed }))),
    }),
  );
  await renderPart(<ServerList serverIds={['s']} selected={null} onSelect={() => {}} />, { state });
  return screen.getByRole('button', { name: /^Test/ }).textContent;
}

it('says how busy the GPU is that ComfyUI uses', async () => {
  expect(await rowOf([{ load: 42 }, { load: 99, isUsed: false }])).toBe('TestIdleGPU 42%');
});

it('tells of several the busiest, and that it is one of them', async () => {
  expect(await rowOf([{ load: 3 }, { load: 97 }])).toBe('TestIdleGPU 1 97%');
});
