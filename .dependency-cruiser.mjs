/**
 * Who may import whom, in one list. What stands further up may import what stands below it as far as it says so;
 * `npm test` holds it. A folder is named by its path, and stands for all below it.
 */
const rooms = {
  'src/main': ['src/host', 'src/comfy', 'src/contract', 'src/domain', 'src/language', 'simulator'],
  'src/web': ['src/host', 'src/comfy', 'src/contract', 'src/domain', 'src/language', 'simulator'],
  'src/host': ['src/comfy', 'src/contract', 'src/domain', 'src/language', 'simulator'],
  'src/comfy': ['src/contract', 'src/domain', 'src/language'],
  'src/preload': ['src/contract'],
  'src/renderer': ['src/contract', 'src/domain', 'src/language'],
  'src/contract': ['src/domain', 'src/language'],
  'src/domain': ['src/language'],
  'src/language': [],
  simulator: [],
};

/** The rooms of the page, from the outermost in; each of the middle ones keeps to itself. */
const pageRooms = {
  'src/renderer/frame': [
    'machine',
    'jobs',
    'outputs',
    'overview',
    'servers',
    'settings',
    'mini',
    'wall',
    'session',
    'ui',
  ],
  'src/renderer/machine': ['session', 'ui'],
  'src/renderer/jobs': ['session', 'ui'],
  'src/renderer/outputs': ['session', 'ui'],
  'src/renderer/servers': ['session', 'ui'],
  'src/renderer/settings': ['session', 'ui'],
  'src/renderer/mini': ['session', 'ui'],
  'src/renderer/overview': ['session', 'ui'],
  'src/renderer/wall': ['session', 'ui'],
  'src/renderer/session': ['ui'],
  'src/renderer/ui': [],
};

/** What a room must stay free of, besides Electron and React where it has no use for them. */
const packages = {
  'src/language': 'electron|react|react-dom|recharts|ws|undici|zod',
  'src/domain': 'electron|react|react-dom|recharts|ws|undici',
  'src/contract': 'electron|react|react-dom|recharts|ws|undici',
  'src/comfy': 'electron|react|react-dom|recharts',
  'src/host': 'electron|react|react-dom|recharts',
  'src/web': 'electron|react|react-dom|recharts',
  'src/main': 'react|react-dom|recharts',
  'src/main/tray/session-bus': 'electron',
  'src/main/tray/icon/(?!drawn-image|tray-image)': 'electron',
  'src/preload': 'ws|react|react-dom',
  'src/renderer': 'electron|ws|undici',
  simulator: 'electron|react|react-dom|recharts',
};

/** What runs without Node: in the page, or anywhere. */
const withoutNode = ['src/language', 'src/domain', 'src/contract', 'src/preload', 'src/renderer'];

/** Tests and what they are built with may reach anywhere. */
const tests = '(\\.test\\.tsx?$|/testing/)';

const boundary = (room, allowed) => ({
  name: `${room} may import ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'only itself'}`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: tests },
  to: { path: '^(src|simulator|scripts|test|bench)/', pathNot: `^(${[room, ...allowed].join('|')})/` },
});

export default {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => boundary(room, allowed)),
    ...Object.entries(pageRooms).map(([room, allowed]) =>
      boundary(room, [
        'src/contract',
        'src/domain',
        'src/language',
        ...allowed.map((name) => `src/renderer/${name}`),
      ]),
    ),
    ...Object.entries(packages).map(([room, names]) => ({
      name: `${room} must stay free of ${names}`,
      severity: 'error',
      from: { path: `^${room}`, pathNot: tests },
      to: { path: `^(node_modules/)?(${names})(/|$)` },
    })),
    ...withoutNode.map((room) => ({
      name: `${room} must stay free of Node's modules`,
      severity: 'error',
      from: { path: `^${room}/`, pathNot: tests },
      to: { dependencyTypes: ['core'] },
    })),
    {
      name: 'no code of tests in what ships',
      severity: 'error',
      from: { path: '^(src|simulator)/', pathNot: tests },
      to: { path: tests },
    },
    { name: 'no circular imports', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no missing modules',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(electron|bufferutil|utf-8-validate)$' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\?|(^|/)out/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
