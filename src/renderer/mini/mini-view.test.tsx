import { cleanup, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MiniModel } from './mini-model.ts';
import { MiniView } from './mini-view.tsx';

const idle: MiniModel = {
  server: { id: 's', name: 'Studio', color: 'blue' },
  isConnected: true,
  job: null,
  state: 'Idle',
  last: null,
  gpu: { value: '3%', hint: null, words: null },
  vram: null,
  temperature: null,
  counts: { running: 0, waiting: 0, inQueue: null, done: 3, failed: 0, isCapped: false },
  queueEnd: null,
  gpus: [],
  preview: null,
  picture: null,
  several: false,
};
const running: MiniModel = {
  ...idle,
  counts: { ...idle.counts, running: 1, waiting: 2 },
  job: {
    promptId: 'p',
    title: 'Portrait',
    fraction: 0.42,
    percent: '42%',
    node: 'Sampler',
    steps: '12 of 30',
    time: '7 s left',
    basis: null,
  },
};

const unknown = { ...idle.counts, running: null, waiting: null };

function show(model: MiniModel | null, isLost = false): HTMLElement {
  render(
    <MiniView model={model} isLost={isLost} picture={null}>
      <button type="button">Back</button>
    </MiniView>,
  );
  return screen.getByRole('main', { name: 'Mini mode' });
}

/** A figure by its label. */
function figure(label: string): string | null | undefined {
  return screen.getByText(label).nextElementSibling?.textContent;
}

describe('the strip', () => {
  it('shows the job, how far it is and what the machine does', () => {
    const strip = show(running);
    screen.getByRole('heading', { name: 'Portrait' });
    const bar = screen.getByRole('progressbar', { name: 'Portrait' });
    expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuetext')]).toEqual(['42', '42%']);
    for (const text of ['42%', 'Sampler', '12 of 30', '7 s left']) expect(strip.textContent).toContain(text);
    expect(['GPU', 'VRAM', 'Waiting'].map(figure)).toEqual(['3%', '–', '2']);
    screen.getByRole('button', { name: 'Back' });
  });

  it('says of several GPUs which one a figure is about', () => {
    const busiest = { value: '97%', hint: '2 of 4', words: 'The busiest of 4 GPUs; 2 of 4 at work' };
    const hottest = { value: '71 °C', hint: null, words: 'The hottest of 4 GPUs, GPU 3' };
    show({ ...running, gpu: busiest, temperature: hottest });
    expect(['GPU', 'Temperature'].map(figure)).toEqual(['97% · 2 of 4', '71 °C']);
    screen.getByTitle('The busiest of 4 GPUs; 2 of 4 at work');
    screen.getByTitle('The hottest of 4 GPUs, GPU 3');
  });

  it('says how long the whole job still takes, and how that is known', () => {
    const job = { promptId: 'p', title: 'Portrait', node: 'Sampler', steps: '12 of 30', fraction: 0.42 };
    const time = { time: 'about 8 s left', basis: 'the last 3 took 14 s' };
    show({ ...running, job: { ...job, percent: '42%', ...time } });
    expect(screen.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('42%, about 8 s left');
    expect(screen.getByText('about 8 s left').title).toBe('Whole prompt: the last 3 took 14 s');
  });

  it('has no percentage and an indeterminate bar while nobody says how far it is', () => {
    const job = { ...running.job, promptId: 'p', title: 'Portrait', steps: null, time: null, basis: null };
    show({ ...running, job: { ...job, fraction: null, percent: null, node: 'Between nodes' } });
    expect(screen.getByRole('progressbar').hasAttribute('aria-valuenow')).toBe(false);
    screen.getByText('Between nodes');
  });

  it('says how things stand when nothing runs', () => {
    show(idle);
    screen.getByRole('heading', { name: 'Idle' });
    screen.getByText('Nothing has run yet');
  });

  it('says what failed last', () => {
    show({ ...idle, last: { text: 'Failed: Portrait', failed: true } });
    expect(screen.getByText('Failed: Portrait').dataset.failed).toBe('true');
  });

  it('counts what waits and what failed, and has one number where no more is known', () => {
    show({ ...running, counts: { ...idle.counts, waiting: 5, failed: 2 } });
    expect(['Waiting', 'Failed today'].map(figure)).toEqual(['5', '2']);
    cleanup();
    show({ ...idle, counts: { ...unknown, inQueue: 4 } });
    expect(figure('In the queue')).toBe('4');
  });

  it('shows each of several GPUs and a picture, where there is room', () => {
    const gpu = { model: null, loadPercent: 4, vramPercent: 88, temperatureC: 50, title: 'GPU 1', place: 1 };
    const none = { load: false, vram: false, temperature: false };
    render(
      <MiniView
        model={{ ...idle, gpus: [{ ...gpu, worst: none }], queueEnd: 'queue empty about 15:10' }}
        isLost={false}
        picture="media/preview"
      >
        {null}
      </MiniView>,
    );
    expect(screen.getByRole('list', { name: 'GPUs' }).textContent).toBe('GPU 14%88%50 °C');
    screen.getByText('queue empty about 15:10');
    expect(screen.getByRole('img').getAttribute('loading')).toBe('lazy');
  });

  it('names the server that is not connected', () => {
    show({ ...idle, isConnected: false, state: 'Not connected', counts: unknown });
    screen.getByRole('heading', { name: 'Not connected' });
    screen.getByText('Studio');
    expect(figure('Waiting')).toBe('–');
  });

  it('claims nothing once the monitor itself is gone', () => {
    const strip = show(running, true);
    screen.getByRole('heading', { name: /not running any more/ });
    expect(strip.textContent).not.toMatch(/Portrait|GPU|42%/);
  });

  it('says so when no server is watched', () => {
    show(null);
    screen.getByRole('heading', { name: 'No server is watched' });
  });
});
