import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { mediaUrl } from '../../../contract/media-url.ts';
import { outputKey, outputName } from '../../../domain/outputs/executed-output.ts';
import { laterFiles } from '../../../domain/outputs/overwritten.ts';
import { formatPercent } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { usePage, useServer } from '../../session/session-context.tsx';
import { useOpenOutput } from '../../session/use-open-output.ts';
import { CopyButton } from '../../ui/controls/copy-button.tsx';
import { Icon } from '../../ui/controls/icon.tsx';
import { meaningOf } from '../../ui/keys.ts';
import { MessagesProvider } from '../../ui/overlays/messages.tsx';
import { Downloads } from '../downloads.tsx';
import { menuKey } from '../menu/menu-key.ts';
import { OutputMenu } from '../menu/output-menu.tsx';
import { useOutputDetails } from './use-output-details.ts';
import { useZoom } from './use-zoom.ts';
import { type ViewerKey, viewerKeys } from './viewer-keys.ts';
import './viewer.css';
import { isServerPicture, Overwritten, ViewerContent } from './viewer-content.tsx';
import { type PixelSize, ViewerDetails } from './viewer-details.tsx';
import { nodeNameOf, placeOf, type ViewerItem } from './viewer-item.ts';

/** How far (px) an arrow key moves a text. */
const textStep = 60;
/** What a press of a key or button enlarges by. */
const zoomStep = 1.4;

interface ViewerProps {
  serverId: string;
  items: readonly ViewerItem[];
  /** The one that is shown; it may have left the list in the meantime. */
  item: ViewerItem;
  onShow: (item: ViewerItem) => void;
  onClose: () => void;
}

/** Shows outputs one at a time above everything else; arrow keys lead from one to the next. */
export function Viewer(props: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before it leaves the document: only then is the rest of the page within reach again.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    element.querySelector<HTMLElement>('[data-focus]')?.focus();
    return () => element.close();
  }, []);
  return createPortal(
    <dialog
      ref={dialog}
      className="viewer"
      aria-label={t('outputs.viewer', { name: outputName(props.item.output) })}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      {/* Of its own: what is outside of the dialog cannot be seen. */}
      <MessagesProvider>
        <ViewerFrame {...props} dialog={dialog} />
        <Downloads />
      </MessagesProvider>
    </dialog>,
    document.body,
  );
}

function ViewerFrame({
  serverId,
  items,
  item,
  onShow,
  onClose,
  dialog,
}: ViewerProps & { dialog: { readonly current: HTMLDialogElement | null } }) {
  const { promptId, output } = item;
  const key = `${promptId}/${outputKey(output)}`;
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  const addressOf = (
    { promptId: by, output: of }: Pick<ViewerItem, 'promptId' | 'output'>,
    variant: 'original' | 'thumbnail' = 'original',
  ) =>
    of.file && mediaBase !== null
      ? mediaUrl(mediaBase, serverId, { file: of.file, promptId: by, at: of.at }, variant)
      : null;
  const open = useOpenOutput(serverId);
  const overwritten = useServer(
    serverId,
    (server) => output.file !== null && laterFiles(server).isOverwritten(promptId, output.file),
    false,
  );
  const [shownAnyway, setShownAnyway] = useState<string | null>(null);
  const isWithheld = overwritten && shownAnyway !== key;
  const details = useOutputDetails(serverId, isWithheld ? null : item);
  const node = useServer(serverId, (server) => nodeNameOf(server, item), null);
  const [size, setSize] = useState<{ key: string; size: PixelSize } | null>(null);
  const [isDetailed, setIsDetailed] = useState(window.innerWidth >= 720);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const stage = useRef<HTMLElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const zoom = useZoom(stage, picture);
  const { reset, measure } = zoom;
  const closeMenu = useCallback(() => setMenu(null), []);

  const percent = zoom.scale === null ? '–' : formatPercent(zoom.scale * 100);
  const place = placeOf(items, promptId, output);
  const previous = place > 0 ? items[place - 1] : undefined;
  const next = place >= 0 ? items[place + 1] : items[0];
  const show = (other: ViewerItem | undefined) => {
    if (!other) return;
    reset();
    onShow(other);
  };
  const isPicture = output.kind === 'image' || output.kind === 'animation';
  const neighbour = next?.output.kind === 'image' && !isServerPicture(next.output) ? addressOf(next) : null;
  useEffect(() => {
    // Ready when it is wanted, but not before this one is.
    if (neighbour !== null && size?.key === key) new Image().src = neighbour;
  }, [neighbour, size, key]);

  const control = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const menuAt = menuKey(event, stage.current);
    if (menuAt) {
      event.preventDefault();
      setMenu(menuAt);
      return;
    }
    // Players have keys of their own, buttons are pressed by Space, and what scrolls is scrolled.
    if (target instanceof HTMLMediaElement) return;
    if (event.key === ' ' && target instanceof HTMLButtonElement) return;
    const actions: Partial<Record<ViewerKey, () => void>> = {
      close: onClose,
      previous: () => show(previous),
      next: () => show(next),
      first: () => show(items[0]),
      last: () => show(items.at(-1)),
      ...(isPicture && {
        enlarge: () => zoom.zoomBy(zoomStep),
        reduce: () => zoom.zoomBy(1 / zoomStep),
        fit: reset,
        'actual size': zoom.actual,
      }),
      ...(output.kind === 'text' && {
        up: () => stage.current?.scrollBy({ top: -textStep }),
        down: () => stage.current?.scrollBy({ top: textStep }),
        'page up': () => stage.current?.scrollBy({ top: -stage.current.clientHeight }),
        'page down': () => stage.current?.scrollBy({ top: stage.current.clientHeight }),
      }),
      details: () => setIsDetailed(!isDetailed),
      open: () => open(promptId, output),
    };
    if (event.key === 'Enter' && (target instanceof HTMLButtonElement || !output.file)) return;
    const meaning = meaningOf(viewerKeys, event.key);
    const action = meaning === null ? undefined : actions[meaning];
    if (!action || (event.repeat && event.key === ' ')) return;
    event.preventDefault();
    action();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole dialog, whatever has the focus.
    <div className="viewer-frame" tabIndex={-1} data-focus onKeyDown={control}>
      <header className="viewer-head">
        <h2 className="viewer-name" title={outputName(output)}>
          {outputName(output)}
        </h2>
        {place >= 0 && (
          <span className="viewer-place" aria-live="polite">
            {t('outputs.viewer.place', { place: place + 1, count: items.length })}
          </span>
        )}
        <span className="panel-space" />
        {isPicture && (
          <span className="viewer-zoom">
            <IconAction
              label={t('outputs.viewer.zoom_out')}
              icon="minus"
              onClick={() => zoom.zoomBy(1 / zoomStep)}
            />
            <button
              type="button"
              className="viewer-scale"
              aria-label={t(zoom.view.zoom > 1 ? 'outputs.viewer.fit' : 'outputs.viewer.actual', { percent })}
              onClick={() => (zoom.view.zoom > 1 ? reset() : zoom.actual())}
            >
              {percent}
            </button>
            <IconAction
              label={t('outputs.viewer.zoom_in')}
              icon="plus"
              onClick={() => zoom.zoomBy(zoomStep)}
            />
          </span>
        )}
        {output.text !== null && <CopyButton text={output.text} label={t('outputs.copy.text')} />}
        {output.file && (
          <IconAction label={t('outputs.open')} icon="open" onClick={() => open(promptId, output)} />
        )}
        <IconAction
          label={t('outputs.viewer.details')}
          icon="info"
          isPressed={isDetailed}
          onClick={() => setIsDetailed(!isDetailed)}
        />
        <IconAction
          label={t('outputs.viewer.more')}
          icon="more"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setMenu({ x: box.left, y: box.bottom + 4 });
          }}
        />
        <IconAction label={t('outputs.viewer.close')} icon="cross" onClick={onClose} />
      </header>
      <div className="viewer-body" data-detailed={isDetailed || undefined}>
        <div className="viewer-place-holder">
          <section
            ref={stage}
            className="viewer-stage"
            aria-label={outputName(output)}
            // A long text is scrolled by the keyboard, too.
            tabIndex={output.kind === 'text' ? 0 : undefined}
            data-kind={output.kind}
            data-zoomed={zoom.view.zoom > 1 || undefined}
            data-enlarged={(zoom.scale ?? 0) >= 4 || undefined}
            onContextMenu={(event) => {
              event.preventDefault();
              setMenu({ x: event.clientX, y: event.clientY });
            }}
            {...(isPicture && zoom.handlers)}
          >
            {isWithheld ? (
              <Overwritten onShow={() => setShownAnyway(key)} />
            ) : (
              <ViewerContent
                key={key}
                item={item}
                address={addressOf(item, isServerPicture(output) ? 'thumbnail' : 'original')}
                thumbnail={isPicture ? addressOf(item, 'thumbnail') : null}
                picture={picture}
                state={details}
                onSize={(found) => {
                  setSize({ key, size: found });
                  measure();
                }}
                onOpen={() => open(promptId, output)}
              />
            )}
          </section>
          {previous && (
            <button
              type="button"
              className="viewer-turn"
              data-side="left"
              aria-label={t('outputs.viewer.previous')}
              onClick={() => show(previous)}
            >
              <Icon name="left" />
            </button>
          )}
          {next && (
            <button
              type="button"
              className="viewer-turn"
              data-side="right"
              aria-label={t('outputs.viewer.next')}
              onClick={() => show(next)}
            >
              <Icon name="chevron" />
            </button>
          )}
        </div>
        {isDetailed && (
          <ViewerDetails
            item={item}
            node={node}
            size={size?.key === key ? size.size : null}
            state={details}
          />
        )}
      </div>
      {menu && (
        <OutputMenu
          serverId={serverId}
          selection={item}
          at={menu}
          onView={null}
          onClose={closeMenu}
          within={dialog.current}
        />
      )}
    </div>
  );
}

interface IconActionProps {
  label: string;
  icon: Parameters<typeof Icon>[0]['name'];
  isPressed?: boolean;
  onClick: (event: { currentTarget: HTMLElement }) => void;
}

function IconAction({ label, icon, isPressed, onClick }: IconActionProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
