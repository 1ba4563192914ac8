import type { Pixmap } from '../icon/pixmap.ts';
import type { SessionBus } from './bus.ts';
import { busObject } from './dbus-object.ts';

export const itemInterface = 'org.kde.StatusNotifierItem';
export const itemPath = '/StatusNotifierItem';

export interface StatusNotifierItem {
  /** Tells panels that there is another icon; they read it when they want to. */
  iconChanged(): void;
  toolTipChanged(): void;
}

/** The icon in the panel as D-Bus describes it (StatusNotifierItem). */
export function createStatusNotifierItem(options: {
  bus: Pick<SessionBus, 'serve' | 'emit'>;
  /** The same in every run, for panels that remember where an icon was put. */
  id: string;
  title: string;
  menuPath: string;
  /** Read when a panel asks. */
  icon: () => readonly Pixmap[];
  toolTip: () => string;
  /** The icon was clicked. */
  onActivate: () => void;
  /** It was clicked with another button, or its menu cannot be shown by the panel. */
  onOtherClick: () => void;
}): StatusNotifierItem {
  const { bus } = options;
  const noPictures = ['a(iiay)', []] as const;
  const none = ['s', ''] as const;
  const does = (takes: string, run: () => void) => ({
    takes,
    gives: '',
    answer() {
      // Once the panel has its answer: whatever it leads to may take the connection away.
      setImmediate(run);
      return [];
    },
  });
  const ignored = (takes: string) => ({ takes, gives: '', answer: () => [] });
  bus.serve(
    itemPath,
    busObject(itemInterface, {
      properties: {
        Category: () => ['s', 'ApplicationStatus'],
        Id: () => ['s', options.id],
        Title: () => ['s', options.title],
        Status: () => ['s', 'Active'],
        WindowId: () => ['i', 0],
        IconThemePath: () => none,
        IconName: () => none,
        IconPixmap: () => [
          'a(iiay)',
          options
            .icon()
            .map(({ width, height, bytes }) => [
              width,
              height,
              Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
            ]),
        ],
        OverlayIconName: () => none,
        OverlayIconPixmap: () => noPictures,
        AttentionIconName: () => none,
        AttentionIconPixmap: () => noPictures,
        AttentionMovieName: () => none,
        // All of it as the title, which is plain text: what follows it some panels take for markup, others not.
        ToolTip: () => ['(sa(iiay)ss)', ['', [], options.toolTip().replaceAll('\0', ''), '']],
        ItemIsMenu: () => ['b', false],
        Menu: () => ['o', options.menuPath],
      },
      methods: {
        Activate: does('ii', options.onActivate),
        SecondaryActivate: does('ii', options.onOtherClick),
        ContextMenu: does('ii', options.onOtherClick),
        Scroll: ignored('is'),
        ProvideXdgActivationToken: ignored('s'),
      },
      signals: {
        NewTitle: '',
        NewIcon: '',
        NewAttentionIcon: '',
        NewOverlayIcon: '',
        NewToolTip: '',
        NewStatus: 's',
        NewMenu: '',
      },
    }),
  );
  const emit = (member: string): void => bus.emit({ path: itemPath, interface: itemInterface, member });
  return { iconChanged: () => emit('NewIcon'), toolTipChanged: () => emit('NewToolTip') };
}
