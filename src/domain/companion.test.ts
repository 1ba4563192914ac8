import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bundledCompanionVersion,
  canRunCompanion,
  companionStanding,
  leastComfyVersion,
} from './companion.ts';

describe('the companion node', () => {
  it('is said to have the version that is shipped', () => {
    const project = readFileSync(
      join(import.meta.dirname, '../../companion/comfy_monitor_companion/pyproject.toml'),
      'utf8',
    );
    expect(/^version\s*=\s*"([^"]+)"/m.exec(project)?.[1]).toBe(bundledCompanionVersion);
  });

  it('is unknown until the server has told, and absent when it is not there', () => {
    expect(companionStanding({ companion: 'unknown', companionVersion: null })).toBe('unknown');
    expect(companionStanding({ companion: 'absent', companionVersion: null })).toBe('absent');
  });

  it.each([
    ['0.0.9', 'outdated'],
    ['0.0.10', 'outdated'],
    ['0', 'outdated'],
    ['0.1.9', 'outdated'],
    ['0.2', 'installed'],
    [bundledCompanionVersion, 'installed'],
    ['0.2.0-dev', 'installed'],
    ['0.10.0', 'installed'],
    ['1.0.0', 'installed'],
    ['of my own', 'installed'],
  ])('of version %s is %s', (companionVersion, standing) => {
    expect(companionStanding({ companion: 'present', companionVersion })).toBe(standing);
  });

  it('is taken for good when it does not tell its version', () => {
    expect(companionStanding({ companion: 'present', companionVersion: null })).toBe('installed');
  });

  it.each([
    ['0.3.40', true],
    ['v0.3.54', true],
    ['0.27.0', true],
    ['1.0', true],
    ['0.3.39', false],
    ['0.2.2', false],
    ['2024.06-fork', false],
    ['hosted', false],
    [null, false],
  ])('can be run by ComfyUI %s: %s', (comfyVersion, can) => {
    expect(canRunCompanion({ comfyVersion })).toBe(can);
    expect(canRunCompanion({ comfyVersion, customNodesOff: true })).toBe(false);
  });

  it('says itself which ComfyUI it needs', () => {
    const project = readFileSync(
      join(import.meta.dirname, '../../companion/comfy_monitor_companion/pyproject.toml'),
      'utf8',
    );
    expect(project).toContain(`requires-comfyui = ">=${leastComfyVersion}"`);
  });
});
