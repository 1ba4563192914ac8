import { screen, within } from '@testing-library/react';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { renderPart } from '../testing/render.tsx';
import { useHost } from './use-host.ts';

function Probe({ failures }: { failures: Parameters<typeof useHost>[0] }) {
  const { ask, attempt, busy, failure, forgetFailure } = useHost(failures);
  return (
    <section aria-label="Probe" aria-busy={busy}>
      <button type="button" onClick={() => void ask('openLogs', undefined)}>
        Ask
      </button>
      <button type="button" onClick={() => void attempt(Promise.reject(new TypeError('no such thing')))}>
        Attempt
      </button>
      <button type="button" onClick={forgetFailure}>
        Forget
      </button>
      {failure}
    </section>
  );
}

const probe = () => screen.getByRole('region', { name: 'Probe' });
const press = (name: string) => within(probe()).getByRole('button', { name });

function refuse() {
  throw new BridgeError('There is no log.');
}

describe('asking the host', () => {
  it('says in a message why it did not work', async () => {
    const { user } = await renderPart(<Probe failures="message" />, { answers: { openLogs: refuse } });
    await user.click(press('Ask'));
    expect((await screen.findByRole('status')).textContent).toBe('There is no log.');
    expect(probe().textContent).not.toContain('There is no log.');
  });

  it('says it inline until it is forgotten or asked anew', async () => {
    let answer: () => unknown = refuse;
    const { user } = await renderPart(<Probe failures="inline" />, { answers: { openLogs: () => answer() } });
    await user.click(press('Ask'));
    expect(probe().textContent).toContain('There is no log.');
    expect(screen.getByRole('status').textContent).toBe('');
    await user.click(press('Forget'));
    expect(probe().textContent).not.toContain('There is no log.');
    await user.click(press('Ask'));
    expect(probe().textContent).toContain('There is no log.');
    answer = () => undefined;
    await user.click(press('Ask'));
    expect(probe().textContent).not.toContain('There is no log.');
  });

  it('is busy until there is an answer', async () => {
    let finish = () => {};
    const answers = { openLogs: () => new Promise<void>((done) => (finish = () => done())) };
    const { user, after } = await renderPart(<Probe failures="inline" />, { answers });
    await user.click(press('Ask'));
    expect(probe().getAttribute('aria-busy')).toBe('true');
    await after(() => finish());
    expect(probe().getAttribute('aria-busy')).toBe('false');
  });

  it('says nothing where failures are ignored', async () => {
    const { user, host } = await renderPart(<Probe failures="ignored" />, { answers: { openLogs: refuse } });
    await user.click(press('Ask'));
    expect(host.asked).toHaveLength(1);
    expect(document.body.textContent).not.toContain('There is no log.');
  });

  it('keeps what nobody can make sense of for the console', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const { user } = await renderPart(<Probe failures="inline" />);
    await user.click(press('Attempt'));
    expect(probe().textContent).toContain('That did not work, and the monitor does not know why.');
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ message: 'no such thing' }));
  });
});
