import { describe, expect, it } from 'vitest';
import { explainProblem } from './problem.ts';
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
    expect(explain('not-comfyui', 302).why).toContain('login page');
    expect(explain('not-comfyui', 404).why).not.toContain('login page');
  });

  it('advises differently about this computer and another one', () => {
    expect(explain('refused').next).toContain('--listen');
    for (const local of ['http://127.0.0.1:8188', 'http://localhost', 'https://[::1]:8000/comfy'])
      expect(explain('refused', null, local).next).not.toContain('--listen');
  });

  it('names the computer without scheme, port and path', () => {
    expect(explain('name-not-found', null, 'https://gpu.example:443/x').what).toContain('“gpu.example”');
    expect(explain('unreachable', null, 'http://[2001:db8::1]:8188').what).toContain('[2001:db8::1] cannot');
  });
});
