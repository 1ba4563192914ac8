import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { explainProblem } from '../../domain/connection-advice.ts';
import { type Connection, type ConnectionProblem, problemKinds } from '../../domain/server.ts';
import { ProblemCard } from './problem-card.tsx';

const url = 'http://studio:8188';

function problem(kind: ConnectionProblem['kind'], status: number | null = null): ConnectionProblem {
  return { kind, status, detail: 'connect ECONNREFUSED 10.0.0.2:8188' };
}

function waiting(retryAt: number): Connection {
  return { phase: 'waiting', attempt: 3, since: 0, retryAt, problem: problem('refused') };
}

function show(
  what: ConnectionProblem,
  connection: Connection = waiting(9_000),
  now = 2_000,
  platform: string | null = null,
) {
  const onRetry = vi.fn();
  render(
    <ProblemCard
      problem={what}
      url={url}
      platform={platform}
      connection={connection}
      now={now}
      onRetry={onRetry}
    />,
  );
  return {
    onRetry,
    user: userEvent.setup(),
    card: screen.getByRole('region', { name: 'Connection problem' }),
  };
}

it.each(problemKinds)('says of “%s” what happened, why, and what to do', (kind) => {
  const { card } = show(problem(kind));
  const { what, why, next } = explainProblem(problem(kind), url);
  screen.getByRole('heading', { name: what });
  expect(card.textContent).toContain(why);
  expect(card.textContent).toContain(next);
});

it('knows what macOS may have against it', () => {
  const { card } = show(problem('unreachable'), waiting(9_000), 2_000, 'darwin');
  expect(card.textContent).toContain('Privacy & Security → Local Network');
});

it('keeps the technical detail at hand, folded', () => {
  show(problem('server-error', 503));
  const details = screen.getByRole('group');
  expect(details.hasAttribute('open')).toBe(false);
  expect(details.textContent).toContain('HTTP 503: connect ECONNREFUSED');
});

it('counts down to the next attempt, and can be hurried', async () => {
  const { user, onRetry } = show(problem('refused'));
  screen.getByText('Trying again in 7 s');
  await user.click(screen.getByRole('button', { name: 'Retry now' }));
  expect(onRetry).toHaveBeenCalledOnce();
});

it('cannot be hurried while an attempt is under way', () => {
  show(problem('refused'), { phase: 'connecting', attempt: 4, since: 0 });
  screen.getByText('Trying now…');
  expect(screen.getByRole('button', { name: 'Retry now' }).hasAttribute('disabled')).toBe(true);
});

it('says of a login that only the socket is kept out, and offers to try it again', async () => {
  const login: ConnectionProblem = { ...problem('login', 302), address: 'https://sso.example.org' };
  const polling: Connection = { phase: 'polling', attempt: 4, since: 0, retryAt: 9_000, problem: login };
  const { card, onRetry, user } = show(login, polling);
  expect(card.textContent).toContain('jobs are read every few seconds');
  expect(card.textContent).toContain('Trying again in 7 s');
  await user.click(screen.getByRole('button', { name: 'Retry now' }));
  expect(onRetry).toHaveBeenCalled();
});
