import { type KeyboardEvent, memo, useCallback, useRef } from 'react';
import { type ExecutedOutput, outputKey } from '../../shared/executed-output.ts';
import { formatDuration } from '../../shared/format.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import { arrowTarget } from './arrow-keys.ts';
import type { OutputGroup } from './output-groups.ts';
import { Thumbnail } from './thumbnail.tsx';
import { useThumbnailSize } from './use-thumbnail-size.ts';

/** The output that the keyboard is at. */
export interface Selection {
  promptId: string;
  output: ExecutedOutput;
}

interface ThumbnailGroupsProps {
  groups: OutputGroup[];
  pictureOf: (output: ExecutedOutput) => string | null;
  selection: Selection | null;
  onSelect: (selection: Selection) => void;
  onOpen: (promptId: string, output: ExecutedOutput) => void;
}

/** Thumbnails by job. One Tab stop for all of them; arrow keys, Home and End move within. */
export function ThumbnailGroups({ groups, pictureOf, selection, onSelect, onOpen }: ThumbnailGroupsProps) {
  const container = useRef<HTMLDivElement>(null);
  useThumbnailSize(container);

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
      aria-label="Thumbnails"
      onKeyDown={moveFocus}
    >
      {groups.map((group) => (
        <Group
          key={group.promptId}
          group={group}
          tabbableKey={tabbableKey}
          pictureOf={pictureOf}
          onSelect={onSelect}
          onOpen={onOpen}
        />
      ))}
    </div>
  );
}

interface GroupProps extends Omit<ThumbnailGroupsProps, 'groups' | 'selection'> {
  group: OutputGroup;
  tabbableKey: string | null;
}

const Group = memo(function Group({ group, tabbableKey, pictureOf, onSelect, onOpen }: GroupProps) {
  const { promptId } = group;
  const select = useCallback(
    (output: ExecutedOutput) => onSelect({ promptId, output }),
    [onSelect, promptId],
  );
  const open = useCallback((output: ExecutedOutput) => onOpen(promptId, output), [onOpen, promptId]);
  const duration =
    group.startedAt === null || group.finishedAt === null ? null : group.finishedAt - group.startedAt;
  return (
    <section className="output-group" aria-label={group.title}>
      <h3 className="output-group-head">
        <span className="output-group-title" title={group.title}>
          {group.title}
        </span>
        <span className="output-group-facts">
          {group.state === 'running' ? (
            'running'
          ) : (
            <>
              <TimeAgo at={group.newestAt} />
              {duration !== null && ` · ${formatDuration(duration)}`}
            </>
          )}
          {group.omitted > 0 && ` · ${group.omitted} more not kept`}
        </span>
      </h3>
      <div className="output-thumbnails">
        {group.outputs.map((output) => (
          <Thumbnail
            key={outputKey(output)}
            output={output}
            picture={pictureOf(output)}
            tabbable={keyOf(promptId, output) === tabbableKey}
            onSelect={select}
            onOpen={open}
          />
        ))}
      </div>
    </section>
  );
});

function keyOf(promptId: string, output: ExecutedOutput): string {
  return `${promptId}/${outputKey(output)}`;
}
