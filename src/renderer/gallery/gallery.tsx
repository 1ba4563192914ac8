import { useCallback, useId, useMemo, useState } from 'react';
import { type ExecutedOutput, outputName } from '../../shared/executed-output.ts';
import { mediaUrl } from '../../shared/media-url.ts';
import { usePage, useServer } from '../bridge/session-context.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import './gallery.css';
import { createGroupSelector, firstOutputs, type OutputGroup, withoutTemporary } from './output-groups.ts';
import { TextOutput } from './text-output.tsx';
import { type Selection, ThumbnailGroups } from './thumbnail-groups.tsx';
import { useOpenOutput } from './use-open-output.ts';

const none: OutputGroup[] = [];
/** Thumbnails shown at first, and added by each "Show older". */
const portion = 60;

/** What the jobs of a server produced, newest first, grouped by job. */
export function Gallery({ serverId }: { serverId: string }) {
  const selectGroups = useMemo(createGroupSelector, []);
  const groups = useServer(serverId, selectGroups, none);
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  const open = useOpenOutput(serverId);
  const pictureOf = useCallback(
    (output: ExecutedOutput) => {
      const pictured = output.kind === 'image' || output.kind === 'animation';
      if (!pictured || !output.file || mediaBase === null) return null;
      return mediaUrl(mediaBase, serverId, output.file, 'thumbnail');
    },
    [mediaBase, serverId],
  );
  return <GalleryPanel groups={groups} pictureOf={pictureOf} onOpen={open} />;
}

interface GalleryPanelProps {
  groups: OutputGroup[];
  pictureOf: (output: ExecutedOutput) => string | null;
  onOpen: (promptId: string, output: ExecutedOutput) => void;
}

export function GalleryPanel({ groups, pictureOf, onOpen }: GalleryPanelProps) {
  const [temporary, setTemporary] = useState(false);
  const [limit, setLimit] = useState(portion);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [reading, setReading] = useState<ExecutedOutput | null>(null);
  const heading = useId();

  const saved = useMemo(() => withoutTemporary(groups), [groups]);
  const shown = temporary ? groups : saved;
  const drawn = useMemo(() => firstOutputs(shown, limit), [shown, limit]);
  const total = count(shown);
  const temporaryCount = useMemo(() => count(groups) - count(saved), [groups, saved]);
  const open = useCallback(
    (promptId: string, output: ExecutedOutput) => {
      if (output.file) onOpen(promptId, output);
      else setReading(output);
    },
    [onOpen],
  );

  return (
    <section className="panel gallery" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>Outputs</h2>
        {total > 0 && <span className="panel-count">{total}</span>}
        <span className="panel-space" />
        {selection && (
          <span className="gallery-selected">
            <span className="gallery-selected-name">{outputName(selection.output)}</span>
            <button
              type="button"
              className="button small"
              onClick={() => open(selection.promptId, selection.output)}
            >
              Open
            </button>
          </span>
        )}
        {temporaryCount > 0 && (
          <button
            type="button"
            className="button small"
            aria-pressed={temporary}
            onClick={() => setTemporary(!temporary)}
          >
            {temporary ? 'Hide previews' : `Show previews (${temporaryCount})`}
          </button>
        )}
      </header>
      {total === 0 ? (
        <EmptyState icon="image" title="No images yet">
          <p>
            {temporaryCount > 0
              ? 'Nothing was saved so far, only previews were made.'
              : 'Images, videos and other results appear here as soon as ComfyUI saves them.'}
          </p>
        </EmptyState>
      ) : (
        <ThumbnailGroups
          groups={drawn}
          pictureOf={pictureOf}
          selection={selection}
          onSelect={setSelection}
          onOpen={open}
        />
      )}
      {total > limit && (
        <button type="button" className="show-all" onClick={() => setLimit(limit + portion)}>
          Show older ({total - limit} more)
        </button>
      )}
      {reading && <TextOutput output={reading} onClose={() => setReading(null)} />}
    </section>
  );
}

function count(groups: readonly OutputGroup[]): number {
  return groups.reduce((sum, group) => sum + group.outputs.length, 0);
}
