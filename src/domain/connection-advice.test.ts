import { describe, expect, it } from 'vitest';
import { explainProblem } from './connection-advice.ts';
import { problemKinds } from './server.ts';

const url = 'http://gpu-box:8188';
const explain = (kind: (typeof problemKinds)[number], status: number | null = null, address = url) =>
  explainProblem({ kind, detail: 'DETAIL', status }, address);

describe('a problem in words', () => {
  it.each(problemKinds)('%s says what happened, why, and what to do next, in sentences', (kind) => {
    const { what, why, next } = explain(kind);
    for (const sentence of [what, why, next]) expect(sentence).toMatch(/^([A-Z“]|http:|gpu-box ).*\.$/s);
    expect(what).toContain('gpu-box');
  });

  it('has words of its own for every kind', () => {
    for (const part of ['what', 'why', 'next'] as const) {
      const said = problemKinds.map((kind) => explain(kind)[part]);
      expect(new Set(said).size).toBe(problemKinds.length);
    }
  });

  it('names the status that a server answered with', () => {
    expect(explain('unauthorized', 401).what).toContain('401');
    expect(explain('unauthorized', 407).what).toMatch(/^A proxy before .* asks for a login \(status 407\)/);
    expect(explain('not-comfyui', 302).why).toContain('login page');
    expect(explain('not-comfyui', 404).why).not.toContain('login page');
  });

  it('says where a server sends us, and whether that is the same one by https', () => {
    const moved = (address: string) =>
      explainProblem({ kind: 'moved', detail: '', status: 301, address }, url);
    expect(moved('https://gpu-box').what).toBe('gpu-box wants https (status 301).');
    expect(moved('https://gpu-box/x').next).toContain('https');
    expect(moved('https://elsewhere.org').why).toContain('https://elsewhere.org');
    expect(moved('https://elsewhere.org').what).not.toContain('https');
    const login = explainProblem({ kind: 'login', detail: '', status: 302, address: 'https://sso.org' }, url);
    expect(login.why).toContain('sso.org');
  });

  it('says that WebSockets do not get through, what the proxy answers, and what is done instead', () => {
    const { what, why, next } = explain('no-websocket', 400);
    expect(what).toBe(`WebSockets do not get through to ${url}.`);
    expect(why).toBe(
      'The proxy answers 400. Jobs are read every few seconds instead; live progress and previews are missing.',
    );
    expect(next).toContain('WebSocket support');
  });

  it('advises differently about this computer and another one', () => {
    expect(explain('refused').next).toContain('--listen');
    for (const local of ['http://127.0.0.1:8188', 'http://localhost', 'https://[::1]:8000/comfy'])
      expect(explain('refused', null, local).next).not.toContain('--listen');
  });

  it.each([
    ['http://192.168.1.20:8188', true],
    ['http://10.0.0.2:8188', true],
    ['http://172.20.0.2', true],
    ['http://169.254.7.7', true],
    ['http://[fd12:3456::1]:8188', true],
    ['http://[fe80::1]', true],
    ['http://gpu-box:8188', true],
    ['http://Studio.local:8188/comfy', true],
    ['http://172.32.0.2', false],
    ['http://100.64.0.2:8188', false],
    ['http://8.8.8.8', false],
    ['https://comfy.example.org', false],
    ['http://[2001:db8::1]:8188', false],
    ['http://127.0.0.1:8188', false],
    ['http://localhost:8188', false],
  ])('thinks of the leave that macOS wants for the local network: %s', (address, isLocal) => {
    const problem = { kind: 'unreachable', detail: '', status: null } as const;
    const { what, why, next } = explainProblem(problem, address, 'darwin');
    expect(next.includes('Privacy & Security → Local Network')).toBe(isLocal);
    expect(why.includes('macOS')).toBe(isLocal);
    expect(what).toContain('cannot be reached');
    for (const platform of ['win32', 'linux', null])
      expect(explainProblem(problem, address, platform).next).not.toContain('Local Network');
  });

  it('names the computer without scheme, port and path', () => {
    expect(explain('name-not-found', null, 'https://gpu.example:443/x').what).toContain('“gpu.example”');
    expect(explain('unreachable', null, 'http://[2001:db8::1]:8188').what).toContain('[2001:db8::1] cannot');
  });
});
