import { type DragEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { actions } from '../../contract/actions/actions.ts';
import { mediaUrl } from '../../contract/media-url.ts';
import { limits } from '../../domain/monitor-state.ts';
import { type ExecutedOutput, outputKey, outputName } from '../../domain/outputs/executed-output.ts';
import { t } from '../../language/t.ts';
import { usePage, useServer } from '../session/session-context.tsx';
import { EmptyState } from '../ui/controls/empty-state.tsx';
import { shownKey } from '../ui/keys.ts';
import { Viewer } from './viewer/viewer.tsx';
import { placeOf, type ViewerItem, viewerItems } from './viewer/viewer-item.ts';
import './gallery.css';
import { useOpenOutput, useRevealOutput } from '../session/use-open-output.ts';
import { useArrivals } from './arrivals/use-arrivals.ts';
import { useHand } from './arrivals/use-hand.ts';
import { useKeptPlace } from './arrivals/use-kept-place.ts';
import { WaitingOutputs } from './arrivals/waiting-outputs.tsx';
import { OutputMenu } from './menu/output-menu.tsx';
import {
  createGroupSelector,
  firstOutputs,
  type OutputGroup,
  type Selection,
  withoutTemporary,
} from './output-groups.ts';
import { type GalleryEvents, ThumbnailGroups } from './thumbnails/thumbnail-groups.tsx';
import { useDragOutput } from './use-drag-output.ts';

const none: OutputGroup[] = [];
/** Thumbnails shown at first, and added by each "Show older". */
const portion = 60;

/** What the jobs of a server produced, newest first, grouped by job. */
export function Gallery({ serverId }: { serverId: string }) {
  const selectGroups = useMemo(createGroupSelector, []);
  const groups = useServer(serverId, selectGroups, none);
  const capped = useServer(serverId, (server) => server.finished.length >= limits.finishedJobs, false);
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  const wanted = usePage(({ wantedOutput }) => (wantedOutput?.serverId === serverId ? wantedOutput : null));
  const pictureOf = useCallback(
    (promptId: string, { kind, file, at }: ExecutedOutput) => {
      if (!file || mediaBase === null) return null;
      const made = { file, promptId, at };
      // Of a video only the first frame is loaded, by its player.
      if (kind === 'video') return mediaUrl(mediaBase, serverId, made);
      const isPictured = kind === 'image' || kind === 'animation';
      return isPictured ? mediaUrl(mediaBase, serverId, made, 'thumbnail') : null;
    },
    [mediaBase, serverId],
  );
  return (
    <GalleryPanel
      serverId={serverId}
      groups={groups}
      wanted={wanted}
      pictureOf={pictureOf}
      onOpen={useOpenOutput(serverId)}
      onReveal={useRevealOutput(serverId)}
      onDrag={useDragOutput(serverId)}
      capped={capped}
    />
  );
}

interface GalleryPanelProps {
  serverId: string;
  groups: OutputGroup[];
  /** The output that was asked for elsewhere; a new object for every request. */
  wanted?: Selection | null;
  pictureOf: (promptId: string, output: ExecutedOutput) => string | null;
  onOpen: (promptId: string, output: ExecutedOutput) => void;
  /** Null where there is no file manager. */
  onReveal: ((promptId: string, output: ExecutedOutput) => void) | null;
  onDrag: (promptId: string, output: ExecutedOutput, event: DragEvent) => void;
  /** Older jobs were forgotten, and their outputs with them. */
  capped?: boolean;
}

export function GalleryPanel(props: GalleryPanelProps) {
  const { serverId, groups, wanted = null, pictureOf, onOpen, onReveal, onDrag, capped = false } = props;
  const [temporary, setTemporary] = useState(false);
  const [limit, setLimit] = useState(portion);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [viewed, setViewed] = useState<ViewerItem | null>(null);
  const [menu, setMenu] = useState<{ selection: Selection; at: { x: number; y: number } } | null>(null);
  const panel = useRef<HTMLElement>(null);
  const heading = useId();

  const saved = useMemo(() => withoutTemporary(groups), [groups]);
  const isAtHand = useHand(panel);
  // Not below a menu, which scrolling closes.
  useKeptPlace(panel, isAtHand && menu === null && viewed === null);
  const {
    groups: shown,
    waiting,
    bringIn,
  } = useArrivals(temporary ? groups : saved, isAtHand || menu !== null || viewed !== null, temporary);
  const drawn = useMemo(() => firstOutputs(shown, limit), [shown, limit]);
  const items = useMemo(() => viewerItems(shown), [shown]);
  const total = items.length;
  const temporaryCount = useMemo(() => count(groups) - count(saved), [groups, saved]);

  const view = useCallback(
    (promptId: string, output: ExecutedOutput) => {
      const title = groups.find((group) => group.promptId === promptId)?.title ?? '';
      setViewed({ promptId, title, output });
    },
    [groups],
  );
  // What was asked for before this gallery came into view was answered elsewhere.
  const [answered, setAnswered] = useState(wanted);
  if (wanted !== answered) {
    setAnswered(wanted);
    if (wanted) view(wanted.promptId, wanted.output);
  }
  const open = useCallback(
    (promptId: string, output: ExecutedOutput) => {
      const group = groups.find((one) => one.promptId === promptId);
      // What would open is not what this run made: first that is said.
      if (output.file && !group?.overwritten.has(outputKey(output))) onOpen(promptId, output);
      else view(promptId, output);
    },
    [groups, onOpen, view],
  );
  const events = useMemo(
    (): GalleryEvents => ({
      onSelect: setSelection,
      onOpen: open,
      onView: view,
      onMenu: (promptId, output, at) => setMenu({ selection: { promptId, output }, at }),
      onDrag,
    }),
    [open, view, onDrag],
  );
  const closeMenu = useCallback(() => setMenu(null), []);

  // What was looked at last is selected, and has the focus when the viewer is gone; so has what comes in by wish.
  const wantsFocus = useRef(false);
  useEffect(() => {
    if (viewed || !wantsFocus.current) return;
    wantsFocus.current = false;
    panel.current?.querySelector<HTMLElement>('.thumbnail[tabindex="0"]')?.focus();
  });
  const close = () => {
    if (viewed) {
      const place = placeOf(items, viewed.promptId, viewed.output);
      if (place >= limit) setLimit(Math.ceil((place + 1) / portion) * portion);
      // It came in the meantime, and was turned to.
      if (place === -1 && waiting.length > 0) bringIn();
      setSelection({ promptId: viewed.promptId, output: viewed.output });
      wantsFocus.current = true;
    }
    setViewed(null);
  };
  const showWaiting = () => {
    const [first] = waiting;
    bringIn();
    if (!first) return;
    setSelection(first);
    wantsFocus.current = true;
  };

  return (
    <section ref={panel} className="panel gallery" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{t('outputs.title')}</h2>
        {total > 0 && <span className="panel-count">{total}</span>}
        <span className="panel-space" />
        {total > 0 && !selection && (
          <span className="gallery-selected gallery-hint">{t('outputs.hint')}</span>
        )}
        {selection && (
          <span className="gallery-selected">
            <span className="gallery-selected-name">{outputName(selection.output)}</span>
            <button
              type="button"
              className="button small"
              title={shownKey(' ')}
              onClick={() => view(selection.promptId, selection.output)}
            >
              {t('outputs.view')}
            </button>
            {selection.output.file && (
              <button
                type="button"
                className="button small"
                title="Enter"
                onClick={() => open(selection.promptId, selection.output)}
              >
                {t('outputs.open')}
              </button>
            )}
            {selection.output.file && onReveal && (
              <button
                type="button"
                className="button small"
                onClick={() => onReveal(selection.promptId, selection.output)}
              >
                {actions.reveal_output.label}
              </button>
            )}
          </span>
        )}
        {temporaryCount > 0 && (
          <button
            type="button"
            className="button small"
            aria-pressed={temporary}
            onClick={() => setTemporary(!temporary)}
          >
            {temporary ? t('outputs.previews.hide') : t('outputs.previews.show', { count: temporaryCount })}
          </button>
        )}
      </header>
      <WaitingOutputs count={waiting.length} onShow={showWaiting} />
      {total === 0 ? (
        <EmptyState icon="image" title={t('outputs.empty')}>
          <p>{temporaryCount > 0 ? t('outputs.empty.previews') : t('outputs.empty.body')}</p>
        </EmptyState>
      ) : (
        <ThumbnailGroups groups={drawn} pictureOf={pictureOf} selection={selection} on={events} />
      )}
      {total > limit && (
        <button type="button" className="show-all" onClick={() => setLimit(limit + portion)}>
          {t('outputs.older', { count: total - limit })}
        </button>
      )}
      {capped && total > 0 && total <= limit && <p className="list-end">{t('outputs.oldest')}</p>}
      {menu && (
        <OutputMenu
          serverId={serverId}
          selection={menu.selection}
          at={menu.at}
          onView={() => view(menu.selection.promptId, menu.selection.output)}
          onClose={closeMenu}
        />
      )}
      {viewed && (
        <Viewer serverId={serverId} items={items} item={viewed} onShow={setViewed} onClose={close} />
      )}
    </section>
  );
}

function count(groups: readonly OutputGroup[]): number {
  return groups.reduce((sum, group) => sum + group.outputs.length, 0);
}
