import type { Configuration } from 'electron-builder';
import { appId } from './src/main/app-id.ts';

/**
 * How installers are made; `environment` holds the credentials for signing, if there are any. What is
 * built without them works all the same, but the systems warn of an unknown author.
 */
export function packaging(environment: NodeJS.ProcessEnv): Configuration {
  const isSigned = Boolean(environment.CSC_LINK || environment.CSC_NAME);
  return {
    appId,
    productName: 'Comfy Monitor',
    copyright: 'Copyright © The Comfy Monitor authors',
    directories: { output: 'dist', buildResources: 'resources' },
    artifactName: artifactName(),

    // Everything is bundled into `out`: nothing else belongs into the app.
    files: ['out/**', 'package.json', '!out/.built', '!**/*.map', '!node_modules/**'],
    asar: true,
    npmRebuild: false,
    // For the app itself: macOS takes updates for signed apps only.
    extraMetadata: { isSignedForMac: isSigned },

    electronFuses: {
      // Nobody can use the app as a Node with the rights that the user gave to the app.
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      // Cookies would make Electron open the system's key store; the app has none.
      enableCookieEncryption: false,
      // Only the code that was packed is run.
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      // The page has its own scheme.
      grantFileProtocolExtraPrivileges: false,
    },

    // The repository is the one that package.json names.
    publish: { provider: 'github', releaseType: 'draft' },

    win: {
      icon: 'resources/icon.ico',
      target: [
        { target: 'nsis', arch: ['x64'] },
        { target: 'portable', arch: ['x64'] },
      ],
    },
    nsis: {
      // For this user only: no administrator is needed, and updates install themselves.
      oneClick: true,
      perMachine: false,
      deleteAppDataOnUninstall: false,
      include: 'resources/installer.nsh',
      artifactName: artifactName('-setup'),
    },
    portable: { artifactName: artifactName('-portable') },

    mac: {
      icon: 'resources/icon.icns',
      category: 'public.app-category.developer-tools',
      // Updates are taken from the zip, people take the dmg.
      target: [
        { target: 'dmg', arch: ['x64', 'arm64'] },
        { target: 'zip', arch: ['x64', 'arm64'] },
      ],
      darkModeSupport: true,
      extendInfo: { NSLocalNetworkUsageDescription: 'To reach ComfyUI on other computers of your network.' },
      entitlements: 'resources/entitlements.mac.plist',
      entitlementsInherit: 'resources/entitlements.mac.plist',
      hardenedRuntime: isSigned,
      notarize: isSigned && canNotarize(environment),
      // Without any signature, macOS on Apple's processors starts nothing. One without a certificate
      // carries no team, which the hardened runtime would hold against Electron's frameworks.
      ...(isSigned ? {} : { identity: '-' }),
    },

    linux: {
      icon: 'resources/icons',
      executableName: 'comfy-monitor',
      category: 'System;Monitor;',
      synopsis: 'Tray monitor for ComfyUI',
      maintainer: 'The Comfy Monitor authors <comfy-monitor@users.noreply.github.com>',
      vendor: 'The Comfy Monitor authors',
      // Together with `desktopName` in package.json: windows find their icon, on X11 and on Wayland. It is the app's
      // id, because portals take no other name.
      syncDesktopName: true,
      desktop: { entry: { Keywords: 'ComfyUI;GPU;queue;progress;' } },
      target: [
        { target: 'AppImage', arch: ['x64', 'arm64'] },
        { target: 'deb', arch: ['x64', 'arm64'] },
      ],
    },
    // Without a version in its name the file keeps its place when it updates itself, and with it whatever people
    // have made of it: an entry in a menu or a dock.
    appImage: { artifactName: `comfy-monitor-\${os}-\${arch}.\${ext}` },
    deb: { packageCategory: 'utils', priority: 'optional' },
    rpm: { packageName: 'comfy-monitor' },
    // The older runtime needs libfuse2, which today's distributions do not install.
    toolsets: { appimage: '1.0.3' },
  };
}

/** A name without spaces, which GitHub would change; electron-builder fills the marks in. */
function artifactName(kind = ''): string {
  return `comfy-monitor-\${version}-\${os}-\${arch}${kind}.\${ext}`;
}

/** One of the three sets of credentials that electron-builder knows. */
function canNotarize(environment: NodeJS.ProcessEnv): boolean {
  return [
    ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
    ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
    ['APPLE_KEYCHAIN', 'APPLE_KEYCHAIN_PROFILE'],
  ].some((names) => names.every((name) => environment[name]));
}

export default packaging(process.env);
