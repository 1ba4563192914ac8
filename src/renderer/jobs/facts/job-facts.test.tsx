import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { parametersWith } from '../../../domain/testing/builders.ts';
import { JobFacts } from './job-facts.tsx';

const parameters = parametersWith({
  models: ['sdxl_base.safetensors'],
  loras: ['ink.safetensors'],
  width: 832,
  height: 1216,
  batch: 4,
  seed: '18446744073709551615',
  steps: 30,
  cfg: 6.5,
  sampler: 'euler',
  scheduler: 'karras',
  positive: { text: 'a quiet\nlake', isClipped: true },
  negative: { text: 'blurry', isClipped: false },
});

it('tells in one line what a prompt is made with', () => {
  render(<JobFacts parameters={parameters} />);
  const line = [...(screen.getByText('sdxl_base').parentElement?.children ?? [])];
  expect(line.map(({ textContent }) => textContent)).toEqual([
    'sdxl_base',
    '832 × 1216',
    'batch of 4',
    'seed 18446744073709551615',
    'a quiet lake…',
  ]);
});

it('opens to all of it, and copies seed and prompt', async () => {
  const user = userEvent.setup();
  render(<JobFacts parameters={parameters} />);
  await user.click(screen.getByText('sdxl_base'));
  expect(screen.getByRole('group').hasAttribute('open')).toBe(true);
  await screen.findByText('ink');
  for (const fact of ['30', '6.5', 'euler, karras', 'blurry']) screen.getByText(fact);
  screen.getByText('(the beginning)');
  await user.click(screen.getByRole('button', { name: 'Copy seed' }));
  expect(await navigator.clipboard.readText()).toBe('18446744073709551615');
  await user.click(screen.getByRole('button', { name: 'Copy prompt' }));
  expect(await navigator.clipboard.readText()).toBe('a quiet\nlake');
});

it('leaves out what is not known', async () => {
  render(<JobFacts parameters={parametersWith({ seed: '7' })} />);
  expect(screen.getByText('seed 7').parentElement?.children).toHaveLength(1);
  expect(screen.queryByText('Size')).toBeNull();
  expect(screen.queryByText('Negative prompt')).toBeNull();
});
