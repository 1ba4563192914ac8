import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, it } from 'vitest';
import { packaging } from '../electron-builder.config.ts';
import manifest from '../package.json' with { type: 'json' };
import { appId, toastActivatorClsid } from '../src/main/app-id.ts';

const root = join(import.meta.dirname, '..');
const signing = { CSC_LINK: 'certificate' };
const apple = { APPLE_API_KEY: 'k', APPLE_API_KEY_ID: 'i', APPLE_API_ISSUER: 's' };
const validate = (configuration: object) => validateConfiguration(configuration, new DebugLogger(false));

describe('the packaging', () => {
  it.each([
    ['without credentials', {}],
    ['with a certificate', signing],
    ['with all credentials', { ...signing, ...apple }],
  ])('is as electron-builder wants it %s', async (_, environment) => {
    await expect(validate(packaging(environment))).resolves.toBeUndefined();
  });

  it('would be refused for a misspelt option', async () => {
    await expect(validate({ ...packaging({}), electronFuse: {} })).rejects.toThrow(/unknown property/);
    const fuses = { electronFuses: { ...packaging({}).electronFuses, runAsNodes: false } };
    await expect(validate({ ...packaging({}), ...fuses })).rejects.toThrow(/configuration.electronFuses/);
  });

  it('signs and notarizes where there are credentials for it, and only there', () => {
    expect(packaging({}).mac).toMatchObject({ identity: '-', hardenedRuntime: false, notarize: false });
    expect(packaging(apple).mac?.notarize).toBe(false);
    expect(packaging(signing).mac).toMatchObject({ hardenedRuntime: true, notarize: false });
    expect(packaging(signing).mac).not.toHaveProperty('identity');
    expect(packaging({ ...signing, ...apple }).mac?.notarize).toBe(true);
  });

  it('lets the app know whether macOS would take an update of it', () => {
    expect(packaging({}).extraMetadata).toEqual({ isSignedForMac: false });
    expect(packaging(signing).extraMetadata).toEqual({ isSignedForMac: true });
  });

  it('names the app as the app names itself', () => {
    const { productName, desktopName } = manifest;
    expect(packaging({})).toMatchObject({ appId, productName });
    expect(desktopName).toBe(`${appId}.desktop`);
  });

  it('has an id that portals of Linux and bundles of macOS both take', () => {
    // xdg-desktop-portal wants at least one dot, and a hyphen in the last part only; D-Bus no part that starts with
    // a digit; macOS letters, digits, hyphens and dots.
    expect(appId).toMatch(/^([A-Za-z][A-Za-z0-9]*\.)+[A-Za-z][A-Za-z0-9-]*$/);
  });

  it('gives the AppImage a name that an update does not change', () => {
    expect(packaging({}).appImage?.artifactName).not.toContain('version');
    expect(packaging({}).artifactName).toContain('version');
  });

  it('finds its icons, entitlements and installer script', () => {
    const { win, nsis, mac, linux } = packaging({});
    for (const path of [win?.icon, nsis?.include, mac?.icon, mac?.entitlements, linux?.icon])
      expect(existsSync(join(root, path ?? '?')), String(path)).toBe(true);
    const entitlements = readFileSync(join(root, 'resources', 'entitlements.mac.plist'), 'utf8');
    // More than this would weaken the hardened runtime for nothing.
    expect(entitlements.match(/<key>(.*)<\/key>/g)).toEqual(['<key>com.apple.security.cs.allow-jit</key>']);
  });

  it('takes along what the app wrote into the registry when it is uninstalled, and not when it is updated', () => {
    const script = readFileSync(join(root, packaging({}).nsis?.include ?? '?'), 'utf8');
    const written = script.split('\n').map((line) => line.trim());
    const deleted = written.filter((line) => line.startsWith('DeleteReg'));
    const windows = 'Software\\Microsoft\\Windows\\CurrentVersion';
    expect(deleted).toEqual([
      `DeleteRegValue HKCU "${windows}\\Run" "${appId}"`,
      `DeleteRegValue HKCU "${windows}\\Explorer\\StartupApproved\\Run" "${appId}"`,
      `DeleteRegKey HKCU "Software\\Classes\\CLSID\\${toastActivatorClsid}"`,
    ]);
    const commands = written.filter((line) => line !== '' && !line.startsWith(';'));
    expect(commands.slice(0, 2).join(' ')).toMatch(/^!macro customUnInstall \$\{ifNot\} \$\{isUpdated\}$/);
    expect(commands.slice(-2).join(' ')).toMatch(/^\$\{endIf\} !macroend$/);
    // Such a macro is called by the uninstaller and by nothing else.
    const templates = join(root, 'node_modules', 'app-builder-lib', 'templates', 'nsis');
    expect(readFileSync(join(templates, 'uninstaller.nsh'), 'utf8')).toContain(
      '!insertmacro customUnInstall\n',
    );
  });

  it('publishes to the repository that package.json names', () => {
    expect(packaging({}).publish).toEqual({ provider: 'github', releaseType: 'draft' });
    expect(manifest.repository.url).toMatch(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/);
    // Where "About" sends people, and where the README sends them.
    expect(manifest.repository.url).toBe(`git+${manifest.homepage}.git`);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(readme).toContain(`(${manifest.homepage}/releases)`);
  });
});
