import { type DragEvent, Fragment, type KeyboardEvent, memo, useId, useMemo, useRef } from 'react';
import { type ExecutedOutput, outputKey } from '../../../domain/outputs/executed-output.ts';
import { formatDuration } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { useLanguage } from '../../ui/language.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import type { OutputGroup, Selection } from '../output-groups.ts';
import { type GalleryMeasures, type RatioOf, thumbnailWidth } from '../rows/output-rows.ts';
import { learnShape, useOutputRows } from '../rows/use-output-rows.ts';
import { useSlidingRows } from '../rows/use-sliding-rows.ts';
import { arrowTarget } from './arrow-keys.ts';
import { Thumbnail, type ThumbnailEvents } from './thumbnail.tsx';

interface ThumbnailGroupsProps {
  groups: OutputGroup[];
  pictureOf: (promptId: string, output: ExecutedOutput) => string | null;
  selection: Selection | null;
  on: GalleryEvents;
}

/** What people do with thumbnails. */
export interface GalleryEvents {
  onSelect: (selection: Selection) => void;
  onOpen: (promptId: string, output: ExecutedOutput) => void;
  onView: (promptId: string, output: ExecutedOutput) => void;
  onMenu: (promptId: string, output: ExecutedOutput, at: { x: number; y: number }) => void;
  onDrag: (promptId: string, output: ExecutedOutput, event: DragEvent) => void;
}

/** Thumbnails by job. One Tab stop for all of them; arrow keys, Home and End move within. */
export function ThumbnailGroups({ groups, pictureOf, selection, on }: ThumbnailGroupsProps) {
  const container = useRef<HTMLDivElement>(null);
  const { measures, rows, ratioOf } = useOutputRows(container, groups);
  useSlidingRows(container, { rows, measures });
  const rowStarts = new Set(rows.slice(1).map(([id]) => id));

  const selectedKey = selection ? keyOf(selection.promptId, selection.output) : null;
  const isThere = groups.some((group) =>
    group.outputs.some((output) => keyOf(group.promptId, output) === selectedKey),
  );
  const first = groups[0];
  const firstKey = first?.outputs[0] ? keyOf(first.promptId, first.outputs[0]) : null;
  const tabbableKey = isThere ? selectedKey : firstKey;

  const moveFocus = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const buttons = [...(container.current?.querySelectorAll<HTMLElement>('.thumbnail') ?? [])];
    const current =
      document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : -1;
    if (current === -1) return;
    const target = arrowTarget(
      event.key,
      buttons.map((button) => button.getBoundingClientRect()),
      current,
    );
    if (target === null) return;
    event.preventDefault();
    buttons[target]?.focus();
  };

  return (
    <div
      ref={container}
      className="output-groups"
      role="toolbar"
      aria-label={t('outputs.thumbnails')}
      onKeyDown={moveFocus}
    >
      {groups.map((group) => (
        <Fragment key={group.promptId}>
          {rowStarts.has(group.promptId) && <span className="output-row-end" />}
          <Group
            group={group}
            measures={measures}
            ratioOf={ratioOf}
            tabbableKey={tabbableKey}
            pictureOf={pictureOf}
            on={on}
          />
        </Fragment>
      ))}
    </div>
  );
}

interface GroupProps extends Omit<ThumbnailGroupsProps, 'groups' | 'selection'> {
  group: OutputGroup;
  measures: GalleryMeasures;
  ratioOf: RatioOf;
  tabbableKey: string | null;
}

const Group = memo(function Group(props: GroupProps) {
  useLanguage();
  const { group, measures, ratioOf, tabbableKey, pictureOf, on } = props;
  const { promptId } = group;
  const title = useId();
  const events = useMemo(
    (): ThumbnailEvents => ({
      onSelect: (output) => on.onSelect({ promptId, output }),
      onOpen: (output) => on.onOpen(promptId, output),
      onView: (output) => on.onView(promptId, output),
      onMenu: (output, at) => on.onMenu(promptId, output, at),
      onDrag: (output, event) => on.onDrag(promptId, output, event),
      onShape: (output, ratio) => learnShape(promptId, output, ratio),
    }),
    [on, promptId],
  );
  const duration =
    group.startedAt === null || group.finishedAt === null ? null : group.finishedAt - group.startedAt;
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset; its parts belong together, and are no landmark.
    <div
      className="output-group"
      role="group"
      aria-labelledby={title}
      style={{ minWidth: `${measures.narrowest}px` }}
    >
      <h3 className="output-group-head">
        <span id={title} className="output-group-title" title={group.title}>
          {group.title}
        </span>
        <span className="output-group-facts">
          {group.state === 'running' ? (
            t('outputs.running')
          ) : (
            <>
              <TimeAgo at={group.newestAt} />
              {duration !== null && ` · ${formatDuration(duration)}`}
            </>
          )}
          {group.omitted > 0 && ` · ${t('outputs.omitted', { count: group.omitted })}`}
        </span>
      </h3>
      <div className="output-thumbnails">
        {group.outputs.map((output) => (
          <Thumbnail
            key={outputKey(output)}
            output={output}
            width={thumbnailWidth(ratioOf(group, output), measures)}
            height={measures.height}
            picture={pictureOf(promptId, output)}
            overwritten={group.overwritten.has(outputKey(output))}
            tabbable={keyOf(promptId, output) === tabbableKey}
            on={events}
          />
        ))}
      </div>
    </div>
  );
});

function keyOf(promptId: string, output: ExecutedOutput): string {
  return `${promptId}/${outputKey(output)}`;
}
