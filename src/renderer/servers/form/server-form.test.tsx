import { act, screen, waitFor, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../../contract/bridge/bridge.ts';
import type { ServerTest } from '../../../contract/server-details.ts';
import { browserHost, desktopHostWith } from '../../../contract/testing/hosts.ts';
import type { MonitorEvent } from '../../../domain/monitor-event.ts';
import type { Authentication, Server } from '../../../domain/server.ts';
import { event, stateAfter, testServer } from '../../../domain/testing/builders.ts';
import type { FormStart } from '../../session/dialogs-context.ts';
import { usePage } from '../../session/session-context.tsx';
import type { FakeHostOptions } from '../../testing/fake-host.ts';
import { renderPart } from '../../testing/render.tsx';
import { ServerForm } from './server-form.tsx';

/** Nobody can open a form before there is a page. */
function WhenLinked({ children }: { children: ReactNode }) {
  return usePage((page) => page.link) === 'linked' ? children : null;
}

async function openForm(
  options: FakeHostOptions = {},
  { serverId = null, start = 'address' }: { serverId?: string | null; start?: FormStart } = {},
) {
  const onDone = vi.fn();
  const onClose = vi.fn();
  const page = await renderPart(
    <WhenLinked>
      <ServerForm serverId={serverId} start={start} onDone={onDone} onClose={onClose} />
    </WhenLinked>,
    {
      ...options,
      answers: { addServer: () => ({ serverId: 'new' }), changeServer: () => undefined, ...options.answers },
    },
  );
  return { ...page, onDone, onClose };
}

const editing = (server: Partial<Server> = {}, ...events: MonitorEvent[]): FakeHostOptions => ({
  state: stateAfter(event(1, 'server_changed', { server: { ...testServer, ...server } }), ...events),
});

const field = (name: string) => screen.getByLabelText(name);
const press = (name: string) => screen.getByRole('button', { name });
const plain = {
  color: 'blue',
  authentication: { kind: 'none' },
  secret: null,
  certificate: null,
  outputFolder: null,
};

function refusal(message: string) {
  return () => {
    throw new BridgeError(message);
  };
}

describe('a new server', () => {
  it('starts at the address, where browsers would start at the first button', async () => {
    vi.spyOn(HTMLDialogElement.prototype, 'showModal').mockImplementation(function (this: HTMLDialogElement) {
      this.open = true;
      this.querySelector('button')?.focus();
    });
    await openForm();
    expect(document.activeElement).toBe(field('Address'));
  });

  it('adds what was typed, trimmed', async () => {
    const { user, host, onDone } = await openForm();
    screen.getByRole('dialog', { name: 'Add a server' });
    await user.keyboard('  10.0.0.2:8188 {Enter}');
    await waitFor(() => expect(onDone).toHaveBeenCalledWith('new'));
    expect(host.asked).toEqual([
      { name: 'addServer', request: { url: '10.0.0.2:8188', name: null, details: plain } },
    ]);
  });

  it('says which address it makes of what is typed, as long as that is another one', async () => {
    const { user } = await openForm();
    const hint = () => field('Address').parentElement?.querySelector('.form-hint')?.textContent;
    expect(hint()).toMatch(/^What you type into the browser/);
    await user.type(field('Address'), 'localhost');
    expect(hint()).toBe('Connects to http://localhost:8188');
    await user.clear(field('Address'));
    await user.type(field('Address'), 'https://studio/comfy/');
    expect(hint()).toMatch(/^What you type into the browser/);
  });

  it('has the first colour that is free, or the one that is chosen by its name', async () => {
    const { user, host } = await openForm({ state: stateAfter() });
    screen.getByRole('radio', { name: 'Green', checked: true });
    await user.type(field('Address'), 'studio');
    await user.type(field('Name (optional)'), ' Studio ');
    await user.click(screen.getByRole('radio', { name: 'Teal' }));
    await user.click(press('Add server'));
    expect(host.asked[0]?.request).toEqual({
      url: 'studio',
      name: 'Studio',
      details: { ...plain, color: 'teal' },
    });
  });

  it('needs an address, and says so at the field', async () => {
    const { user, host } = await openForm();
    await user.click(press('Add server'));
    expect(field('Address').getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(field('Address'));
    screen.getByText('Enter the address that opens ComfyUI in your browser.');
    await user.keyboard('s');
    expect(field('Address').getAttribute('aria-invalid')).toBe('false');
    expect(host.asked).toEqual([]);
  });

  it('keeps everything that was typed when the host refuses it', async () => {
    const { user, onDone } = await openForm({ answers: { addServer: refusal('“x y” is no address.') } });
    await user.type(field('Address'), 'x y');
    await user.click(screen.getByRole('radio', { name: 'User and password' }));
    await user.type(field('User'), 'ada');
    await user.type(field('Password'), 'secret');
    await user.click(press('Add server'));
    expect((await screen.findByRole('alert')).textContent).toBe('“x y” is no address.');
    screen.getByDisplayValue('x y');
    screen.getByDisplayValue('ada');
    screen.getByDisplayValue('secret');
    expect(onDone).not.toHaveBeenCalled();
    await user.type(field('Address'), 'z');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is not added by closing the form', async () => {
    const { user, host, onClose } = await openForm();
    await user.type(field('Address'), 'studio');
    await user.click(press('Cancel'));
    expect(onClose).toHaveBeenCalledOnce();
    expect(host.asked).toEqual([]);
  });
});

describe('a login', () => {
  it.each([
    ['Bearer token', [['Token', 'abc']], { kind: 'bearer' }, 'abc'],
    [
      'User and password',
      [
        ['User', 'ada'],
        ['Password', 'pw'],
      ],
      { kind: 'basic', user: 'ada' },
      'pw',
    ],
    [
      'Custom headers',
      [
        ['Header', 'X-Key'],
        ['Value', 'k1'],
      ],
      { kind: 'header', name: 'X-Key' },
      'k1',
    ],
  ] as const)('by %s is sent with its secret', async (kind, fields, authentication, secret) => {
    const { user, host } = await openForm();
    await user.type(field('Address'), 'studio');
    await user.click(screen.getByRole('radio', { name: kind }));
    for (const [name, text] of fields) await user.type(field(name), text);
    await user.click(press('Add server'));
    expect(host.asked[0]?.request).toMatchObject({ details: { authentication, secret } });
  });

  it('can be several headers, whose stored values need not be typed again', async () => {
    const authentication = { kind: 'header', name: 'CF-Access-Client-Id' } as const;
    const { user, host } = await openForm(editing({ authentication }), { serverId: 's' });
    await user.click(press('Add a header'));
    const [, name] = screen.getAllByLabelText('Header');
    const [first, value] = screen.getAllByLabelText('Value');
    expect(first?.getAttribute('placeholder')).toMatch(/^Stored/);
    expect(value?.getAttribute('type')).toBe('password');
    await user.type(name ?? document.body, 'cf-access-client-id');
    await user.click(press('Save'));
    screen.getByText(/is there already/);
    await user.clear(name ?? document.body);
    await user.type(name ?? document.body, 'CF-Access-Client-Secret');
    await user.click(press('Save'));
    screen.getByText('Enter the value.');
    await user.type(value ?? document.body, 's3');
    await user.click(press('Save'));
    expect(host.asked[0]?.request).toMatchObject({
      details: {
        authentication: { kind: 'header', name: 'CF-Access-Client-Id', more: ['CF-Access-Client-Secret'] },
        secret: null,
        moreSecrets: ['s3'],
      },
    });
  });

  it('can do without a header again, but has no more than eight', async () => {
    const authentication: Authentication = { kind: 'header', name: 'X-A', more: ['X-B'] };
    const { user, host } = await openForm(editing({ authentication }), { serverId: 's' });
    for (let more = 0; more < 10; more += 1) await user.click(press('Add a header'));
    expect(screen.getAllByLabelText('Header')).toHaveLength(8);
    for (let place = 8; place > 2; place -= 1) await user.click(press(`Remove header ${place}`));
    await user.click(press('Remove X-A'));
    expect(document.activeElement).toBe(press('Add a header'));
    await user.click(press('Save'));
    expect(host.asked[0]?.request).toMatchObject({
      details: { authentication: { kind: 'header', name: 'X-B' }, secret: null },
    });
  });

  it('is typed unseen', async () => {
    const { user } = await openForm();
    await user.click(screen.getByRole('radio', { name: 'Bearer token' }));
    expect(field('Token').getAttribute('type')).toBe('password');
  });

  it('says how long the host keeps it', async () => {
    const { user } = await openForm();
    await user.click(screen.getByRole('radio', { name: 'Bearer token' }));
    screen.getByText(/Kept in the key store of this system/);
  });

  it('says so where the host forgets it', async () => {
    const { user } = await openForm({
      host: desktopHostWith({ keepsSecrets: false }),
    });
    await user.click(screen.getByRole('radio', { name: 'Bearer token' }));
    screen.getByText(/Kept only until the monitor ends/);
  });

  it('claims nothing of a key store that was never opened', async () => {
    const { user } = await openForm({
      host: desktopHostWith({ keepsSecrets: null }),
    });
    await user.click(screen.getByRole('radio', { name: 'Bearer token' }));
    screen.getByText(/^Kept in the key store of this system if it has one, else only until/);
  });

  it('cannot be a token or header without a value', async () => {
    const { user, host } = await openForm();
    await user.type(field('Address'), 'studio');
    await user.click(screen.getByRole('radio', { name: 'Custom headers' }));
    await user.type(field('Header'), 'no spaces');
    await user.click(press('Add server'));
    screen.getByText(/The name of a header consists of/);
    screen.getByText('Enter the value.');
    expect(document.activeElement).toBe(field('Header'));
    expect(host.asked).toEqual([]);
  });
});

describe('the output folder', () => {
  it('is chosen in a dialog of the system, and can be forgotten again', async () => {
    const { user, host } = await openForm(
      {
        ...editing({ outputFolder: '/data/old' }),
        answers: { chooseOutputFolder: () => ({ path: '/mnt/new' }) },
      },
      { serverId: 's' },
    );
    screen.getByText('/data/old');
    await user.click(press('Change…'));
    expect(host.asked).toEqual([{ name: 'chooseOutputFolder', request: { current: '/data/old' } }]);
    await screen.findByText('/mnt/new');
    await user.click(press('Save'));
    expect(host.asked[1]?.request).toMatchObject({ details: { outputFolder: '/mnt/new' } });
    await user.click(press('Forget it'));
    expect(screen.queryByText('/mnt/new')).toBeNull();
    screen.getByRole('button', { name: 'Choose folder…' });
  });

  it('stays as it is when no other one is chosen', async () => {
    const answers = { chooseOutputFolder: () => ({ path: null }) };
    const { user, host } = await openForm(
      { ...editing({ outputFolder: '/data/old' }), answers },
      {
        serverId: 's',
      },
    );
    await user.click(press('Change…'));
    await user.click(press('Save'));
    expect(host.asked[1]?.request).toMatchObject({ details: { outputFolder: '/data/old' } });
  });

  it('keeps what is typed while the dialog of the system is open', async () => {
    let choose: (answer: { path: string }) => void = () => {};
    const answers = {
      chooseOutputFolder: () =>
        new Promise((done) => {
          choose = done;
        }),
    };
    const { user, host } = await openForm({ ...editing(), answers }, { serverId: 's' });
    await user.click(press('Choose folder…'));
    await user.click(press('Choose folder…'));
    await user.type(field('Name (optional)'), ' two');
    await act(async () => choose({ path: '/mnt/new' }));
    await user.click(press('Save'));
    expect(host.asked.map(({ name }) => name)).toEqual(['chooseOutputFolder', 'changeServer']);
    expect(host.asked[1]?.request).toMatchObject({
      name: 'Test two',
      details: { outputFolder: '/mnt/new' },
    });
  });

  it('is not asked for where no files are opened', async () => {
    await openForm({ host: browserHost });
    expect(screen.queryByText(/Output folder/)).toBeNull();
  });
});

describe('a known server', () => {
  const guarded = editing({ authentication: { kind: 'basic', user: 'ada' }, certificate: null });

  it('is changed in place, and keeps its stored password', async () => {
    const { user, host, onDone } = await openForm(guarded, { serverId: 's' });
    screen.getByRole('dialog', { name: 'Edit Test' });
    expect(field('Password').getAttribute('placeholder')).toBe('Stored – leave empty to keep');
    await user.clear(field('Name (optional)'));
    await user.type(field('Name (optional)'), 'Studio');
    await user.click(press('Save'));
    await waitFor(() => expect(onDone).toHaveBeenCalledWith('s'));
    expect(host.asked).toEqual([
      {
        name: 'changeServer',
        request: {
          serverId: 's',
          url: testServer.url,
          name: 'Studio',
          details: { ...plain, authentication: { kind: 'basic', user: 'ada' } },
        },
      },
    ]);
  });

  it('sends a stored password to no other host', async () => {
    const { user, host } = await openForm(guarded, { serverId: 's' });
    await user.clear(field('Address'));
    await user.type(field('Address'), 'http://elsewhere:8188');
    expect(field('Password').getAttribute('placeholder')).toBe('');
    await user.click(press('Save'));
    expect(host.asked[0]?.request).toMatchObject({ details: { secret: '' } });
  });

  it('is called by its host when its name is emptied', async () => {
    const { user, host } = await openForm(editing(), { serverId: 's' });
    await user.clear(field('Name (optional)'));
    await user.click(press('Save'));
    expect(host.asked[0]?.request).toMatchObject({ name: '127.0.0.1:8188' });
  });

  it('is told apart by its path when its name is emptied', async () => {
    const { user, host } = await openForm(editing({ url: 'https://studio/second' }), { serverId: 's' });
    await user.clear(field('Name (optional)'));
    await user.click(press('Save'));
    expect(host.asked[0]?.request).toMatchObject({ name: 'studio/second' });
  });

  it('asks for the login first where it was opened for that', async () => {
    await openForm(editing(), { serverId: 's', start: 'login' });
    expect(document.activeElement).toBe(field('User'));
  });

  it('says that the stored password was not accepted', async () => {
    const refused = event(2, 'connection_changed', {
      connection: {
        phase: 'waiting',
        attempt: 1,
        since: 2,
        retryAt: 9,
        problem: { kind: 'unauthorized', detail: '', status: 401 },
      },
    });
    await openForm(editing({ authentication: { kind: 'basic', user: 'ada' } }, refused), {
      serverId: 's',
      start: 'login',
    });
    expect(document.activeElement).toBe(field('Password'));
    expect(field('Password').getAttribute('placeholder')).toBe('Not accepted – enter it again');
  });

  it('does not change what is being typed when events come in', async () => {
    const page = await openForm(editing(), { serverId: 's' });
    await page.user.clear(field('Name (optional)'));
    await page.user.type(field('Name (optional)'), 'Mine');
    await page.after((host) =>
      host.happen(event(3, 'server_changed', { server: { ...testServer, name: 'Theirs' } })),
    );
    screen.getByDisplayValue('Mine');
  });
});

describe('the connection test', () => {
  const works: ServerTest = {
    ok: true,
    comfyVersion: '0.27.0',
    devices: [],
    crystools: 'present',
    companion: 'absent',
    companionVersion: null,
    roundTrip: 12,
    socket: null,
  };

  it('tests what is typed, without saving it', async () => {
    const { user, host } = await openForm({ answers: { testServer: () => works } });
    await user.type(field('Address'), ' studio ');
    await user.click(press('Test connection'));
    await screen.findByRole('heading', { name: 'The connection works' });
    expect(host.asked).toEqual([
      { name: 'testServer', request: { serverId: null, url: 'studio', details: plain } },
    ]);
  });

  it('says that it is under way, and is not started twice', async () => {
    const { user, host } = await openForm({ answers: { testServer: () => new Promise(() => {}) } });
    await user.type(field('Address'), 'studio');
    await user.click(press('Test connection'));
    await user.click(press('Testing…'));
    screen.getByText('Asking http://studio:8188 who it is…');
    expect(host.asked).toHaveLength(1);
  });

  it('speaks of the address that was tried, which has a port that nobody typed', async () => {
    const problem = { kind: 'refused', detail: '', status: null } as const;
    const { user } = await openForm({
      answers: { testServer: () => ({ ok: false, problem, certificate: null }) },
    });
    await user.type(field('Address'), 'localhost');
    await user.click(press('Test connection'));
    await screen.findByRole('heading', { name: 'Nothing is listening at http://localhost:8188.' });
    screen.getByText(/^Start ComfyUI, or correct the address/);
  });

  it('forgets its result when what was tested changes, but not for another colour', async () => {
    const { user } = await openForm({ answers: { testServer: () => works } });
    await user.type(field('Address'), 'studio');
    await user.click(press('Test connection'));
    await screen.findByText('The connection works');
    await user.click(screen.getByRole('radio', { name: 'Red' }));
    screen.getByText('The connection works');
    await user.type(field('Address'), '2');
    expect(screen.queryByText('The connection works')).toBeNull();
  });

  it('shows no answer to an address that is no longer typed', async () => {
    let answer: (result: ServerTest) => void = () => {};
    const asked = new Promise<ServerTest>((resolve) => {
      answer = resolve;
    });
    const { user, after } = await openForm({ answers: { testServer: () => asked } });
    await user.type(field('Address'), 'studio');
    await user.click(press('Test connection'));
    await user.type(field('Address'), '2');
    await after(() => answer(works));
    expect(screen.queryByText('The connection works')).toBeNull();
    screen.getByRole('button', { name: 'Test connection' });
  });

  it('shows why the host did not even try', async () => {
    const { user } = await openForm({ answers: { testServer: refusal('Enter a web address.') } });
    await user.type(field('Address'), 'ftp://studio');
    await user.click(press('Test connection'));
    await screen.findByRole('heading', { name: 'Enter a web address.' });
  });

  it('runs at once where the form was opened for that', async () => {
    const { host } = await openForm(
      { ...editing(), answers: { testServer: () => works } },
      { serverId: 's', start: 'test' },
    );
    await screen.findByText('The connection works');
    expect(host.asked).toHaveLength(1);
  });

  it('pins a certificate only after a deliberate click, tests with it, and can stop trusting', async () => {
    const untrusted: ServerTest = {
      ok: false,
      problem: { kind: 'tls', detail: 'self-signed', status: null },
      certificate: { pem: 'PEM', fingerprint: 'AA:BB', subject: 'CN=studio', validUntil: 4e12 },
    };
    const { user, host } = await openForm({
      answers: {
        testServer: (request) =>
          JSON.stringify(request).includes('"certificate":"PEM"') ? works : untrusted,
      },
    });
    await user.type(field('Address'), 'https://studio');
    await user.click(press('Test connection'));
    await screen.findByText('AA:BB');
    await user.click(press('Trust this certificate'));
    const pinned = screen.getByRole('region', { name: 'Trusted certificate' });
    await screen.findByText('The connection works');
    await user.click(press('Add server'));
    expect(host.asked.at(-1)?.request).toMatchObject({ details: { certificate: 'PEM' } });
    await user.click(within(pinned).getByRole('button', { name: 'Stop trusting' }));
    expect(screen.queryByRole('region', { name: 'Trusted certificate' })).toBeNull();
    expect(document.activeElement).toBe(press('Test connection'));
  });
});

it('keeps the page from going while it holds what was typed, until it is saved', async () => {
  const { user } = await openForm();
  const mayGo = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(mayGo()).toBe(true);
  await user.type(screen.getByLabelText('Address'), 'gpu-box');
  expect(mayGo()).toBe(false);
  await user.click(screen.getByRole('button', { name: 'Add server' }));
  await waitFor(() => expect(mayGo()).toBe(true));
});
