import { cpSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { collectLicences } from './scripts/licence-notices.ts';
import { calls } from './src/contract/bridge/calls.ts';
import { pushes } from './src/contract/bridge/pushes.ts';

// Everything is bundled, so that the shipped app holds no node_modules. `ws` looks for two optional
// native modules and does without them.
const external = ['electron', 'bufferutil', 'utf-8-validate'];

/** Ships the companion node as it is, for the app to copy it into a ComfyUI at the user's wish. */
function companion(): { name: string; closeBundle: () => void } {
  return {
    name: 'companion',
    closeBundle: () =>
      cpSync('companion/comfy_monitor_companion', 'out/companion', {
        recursive: true,
        filter: (path) => !path.includes('__pycache__'),
      }),
  };
}

/** Ships the icon, for windows and notifications on Linux that do not find the one of an installed app. */
function icon(): { name: string; closeBundle: () => void } {
  return {
    name: 'icon',
    closeBundle: () => cpSync('resources/icons/256x256.png', 'out/renderer/icon.png'),
  };
}

/**
 * Leaves the diagnostics of dbus-native out: nobody subscribes to its channels here, and making them needs
 * `tracingChannel`, which the Node inside older Electrons does not have.
 */
function withoutDiagnostics(): { name: string; transform: (code: string, id: string) => string | null } {
  return {
    name: 'without-diagnostics',
    transform: (code, id) =>
      /[\\/]dbus-native[\\/]lib[\\/]diagnostics\.js$/.test(id)
        ? code.replace(/diagnostics_channel\.(tracingChannel|channel)\([^)]*\)/g, '{ hasSubscribers: false }')
        : null,
  };
}

const licences = collectLicences(import.meta.dirname);

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        external,
        // A thread has a file of its own.
        input: {
          index: 'src/main/index.ts',
          web: 'src/web/index.ts',
          'answer-thread': 'src/comfy/rest/answer-thread.ts',
        },
      },
    },
    plugins: [companion(), withoutDiagnostics(), licences.plugin()],
    resolve: {
      alias: {
        // Its Node flavour declares a `require` of its own beside the one that electron-vite puts in.
        fflate: 'fflate/browser',
        // Its Node flavour makes channels of diagnostics, which have no subscribers here, and which older Electrons lack.
        'lru-cache': join(import.meta.dirname, 'node_modules/lru-cache/dist/esm/browser/index.js'),
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      // A sandboxed preload script must be one CommonJS file.
      rollupOptions: {
        external: ['electron'],
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
    plugins: [licences.plugin()],
    define: {
      bridgeNames: JSON.stringify({ calls: Object.keys(calls), pushes: Object.keys(pushes) }),
    },
  },
  renderer: {
    root: 'src/renderer',
    // The page is served below an unguessable path, so it refers to its files relatively.
    base: './',
    build: {
      rollupOptions: { input: 'src/renderer/index.html' },
      // The page's policy allows no data: addresses, not even for its own small files.
      assetsInlineLimit: 0,
      // A third of the size, and of what the page has to parse at every start.
      minify: true,
    },
    plugins: [react(), icon(), licences.plugin()],
  },
});
