import { type DragEvent, memo, useEffect, useRef, useState } from 'react';
import {
  type ExecutedOutput,
  fileExtension,
  isTemporary,
  type OutputKind,
  outputName,
} from '../../../domain/outputs/executed-output.ts';
import type { TextKey } from '../../../language/english.ts';
import { t } from '../../../language/t.ts';
import { Icon, type IconName } from '../../ui/controls/icon.tsx';
import { meaningOf } from '../../ui/keys.ts';
import { useLanguage } from '../../ui/language.tsx';
import { menuKey } from '../menu/menu-key.ts';
import { isAlike } from './fit.ts';
import { thumbnailKeys } from './thumbnail-keys.ts';
import { createTurns } from './turns.ts';
import { useInView } from './use-in-view.ts';
import { VideoFrame } from './video-frame.tsx';

const kindWords: Record<OutputKind, TextKey> = {
  image: 'outputs.kind.image',
  animation: 'outputs.kind.animation',
  video: 'outputs.kind.video',
  audio: 'outputs.kind.audio',
  text: 'outputs.kind.text',
  model3d: 'outputs.kind.model3d',
  file: 'outputs.kind.file',
};

const kindIcons: Record<OutputKind, IconName> = {
  image: 'image',
  animation: 'film',
  video: 'film',
  audio: 'wave',
  text: 'lines',
  model3d: 'cube',
  file: 'file',
};

interface ThumbnailProps {
  output: ExecutedOutput;
  /** Of its place, CSS px: as its picture, as far as that was known. */
  width: number;
  height: number;
  /** Address of the thumbnail picture; null for what has none. */
  picture: string | null;
  /** A later run has a file of the same name, so that what is there is most likely not of this one. */
  overwritten: boolean;
  /** The one thumbnail that the Tab key reaches; the arrow keys move it. */
  tabbable: boolean;
  on: ThumbnailEvents;
}

/** What people do with a thumbnail. */
export interface ThumbnailEvents {
  onSelect: (output: ExecutedOutput) => void;
  onOpen: (output: ExecutedOutput) => void;
  onView: (output: ExecutedOutput) => void;
  onMenu: (output: ExecutedOutput, at: { x: number; y: number }) => void;
  onDrag: (output: ExecutedOutput, event: DragEvent) => void;
  /** Its picture came, and has this shape: width ÷ height. */
  onShape: (output: ExecutedOutput, ratio: number) => void;
}

/**
 * One executed output. A click or Space views it, once it is clear that no second click makes it a double
 * click; that, or Enter, opens it.
 */
export const Thumbnail = memo(function Thumbnail(props: ThumbnailProps) {
  useLanguage();
  const { output, width, height, overwritten, tabbable, on } = props;
  const picture = overwritten ? null : props.picture;
  const name = outputName(output) || t('outputs.empty_text');
  const viewing = useDelayed(() => on.onView(output));
  return (
    <button
      type="button"
      className="thumbnail"
      style={{ width: `${width}px`, height: `${height}px` }}
      title={output.file?.subfolder ? `${output.file.subfolder}/${name}` : name}
      tabIndex={tabbable ? 0 : -1}
      data-kind={output.kind}
      data-temporary={isTemporary(output) || undefined}
      draggable={output.file !== null}
      aria-haspopup="menu"
      onFocus={() => on.onSelect(output)}
      // Who goes on to something else does not want it any more.
      onBlur={viewing.cancel}
      onClick={(event) => {
        if (event.detail === 1) viewing.start();
        // Safari does not focus a clicked button.
        event.currentTarget.focus();
        on.onSelect(output);
      }}
      onDoubleClick={() => {
        viewing.cancel();
        on.onOpen(output);
      }}
      onDragStart={(event) => {
        viewing.cancel();
        on.onDrag(output, event);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        viewing.cancel();
        // Scrolling it into view would close the menu again.
        event.currentTarget.focus({ preventScroll: true });
        on.onMenu(output, { x: event.clientX, y: event.clientY });
      }}
      onKeyDown={(event) => {
        viewing.cancel();
        const menuAt = menuKey(event, event.currentTarget);
        const meaning = meaningOf(thumbnailKeys, event.key);
        if (menuAt) on.onMenu(output, menuAt);
        else if (meaning === 'open') on.onOpen(output);
        else if (meaning === 'view' && !event.repeat) on.onView(output);
        else return;
        event.preventDefault();
      }}
    >
      <Picture
        key={picture}
        output={output}
        picture={picture}
        name={name}
        overwritten={overwritten}
        place={width / height}
        onShape={(ratio) => on.onShape(output, ratio)}
      />
      {isTemporary(output) && <span className="thumbnail-badge">{t('outputs.preview')}</span>}
      {output.kind === 'animation' && <span className="thumbnail-badge">{t('outputs.kind.animation')}</span>}
      {output.kind === 'video' && picture !== null && (
        <span className="thumbnail-badge">{t('outputs.kind.video')}</span>
      )}
    </button>
  );
});

/** How long a click waits for a second one that would make it a double click, ms. */
const doubleClickTime = 350;

/** Does something after a moment, unless it is called off before. */
function useDelayed(run: () => void): { start: () => void; cancel: () => void } {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const cancel = (): void => clearTimeout(timer.current);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    start() {
      cancel();
      timer.current = setTimeout(run, doubleClickTime);
    },
    cancel,
  };
}

interface PictureProps {
  output: ExecutedOutput;
  picture: string | null;
  name: string;
  overwritten: boolean;
  /** The shape of its place, width ÷ height. */
  place: number;
  onShape: (ratio: number) => void;
}

/** ms before a picture that could not be had is asked for again; a busy server may have no time for it. */
const retryDelays = [3_000, 10_000, 30_000, 60_000];

function Picture({ output, picture, name, overwritten, place, onShape }: PictureProps) {
  const [stage, setStage] = useState<'loading' | 'shown' | 'failed'>('loading');
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    const delay = retryDelays[failures - 1];
    if (stage !== 'failed' || delay === undefined) return;
    const timer = setTimeout(() => setStage('loading'), delay);
    return () => clearTimeout(timer);
  }, [stage, failures]);

  if (output.kind === 'text' && output.text !== null)
    return <span className="thumbnail-text">{output.text.slice(0, 240)}</span>;
  if (picture === null)
    return (
      <Tile
        icon={kindIcons[output.kind]}
        name={name}
        note={overwritten ? t('outputs.overwritten') : tileNote(output)}
      />
    );
  if (output.kind === 'video')
    return (
      <VideoFrame address={picture} name={name} place={place} onShape={onShape}>
        <Tile icon="film" name={name} note={tileNote(output)} />
      </VideoFrame>
    );
  if (stage === 'failed') {
    const isTried = failures <= retryDelays.length;
    return (
      <Tile icon="image" name={name} note={t(isTried ? 'outputs.still_loading' : 'outputs.not_loaded')} />
    );
  }
  return (
    <FetchedPicture
      address={picture}
      name={name}
      place={place}
      isLoading={stage === 'loading'}
      onLoad={(ratio) => {
        setStage('shown');
        onShape(ratio);
      }}
      onError={() => {
        setStage('failed');
        setFailures(failures + 1);
      }}
    />
  );
}

/**
 * Browsers open six connections to a host: where the server is slow, some have to be left for the live preview, and for
 * what is looked at in the viewer.
 */
const fetched = createTurns(3);

interface FetchedPictureProps {
  address: string;
  name: string;
  place: number;
  isLoading: boolean;
  /** With its shape, width ÷ height. */
  onLoad: (ratio: number) => void;
  onError: () => void;
}

function FetchedPicture({ address, name, place, isLoading, onLoad, onError }: FetchedPictureProps) {
  const { place: placeholder, isInView } = useInView<HTMLSpanElement>();
  const [isOn, setIsOn] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const done = useRef(() => {});
  useEffect(() => {
    if (!isInView) return;
    const end = fetched.take(() => setIsOn(true));
    done.current = end;
    return end;
  }, [isInView]);
  return (
    <>
      {isLoading && (
        <span ref={placeholder} className="thumbnail-loading">
          <Icon name="image" />
        </span>
      )}
      <span className="visually-hidden">{name} </span>
      {isOn && (
        <img
          src={address}
          alt=""
          // The thumbnail is what is dragged.
          draggable={false}
          fetchPriority="low"
          decoding="async"
          data-stage={isLoading ? 'loading' : 'shown'}
          data-whole={isWhole || undefined}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            done.current();
            const ratio = naturalWidth / naturalHeight;
            setIsWhole(!isAlike(ratio, place));
            onLoad(ratio);
          }}
          onError={() => {
            done.current();
            onError();
          }}
        />
      )}
    </>
  );
}

function Tile({ icon, name, note }: { icon: IconName; name: string; note: string }) {
  return (
    <span className="thumbnail-tile">
      <Icon name={icon} />
      <span className="thumbnail-name">{name}</span> <span className="thumbnail-note">{note}</span>
    </span>
  );
}

function tileNote(output: ExecutedOutput): string {
  const extension = output.file ? fileExtension(output.file.filename).toUpperCase() : '';
  const word = t(kindWords[output.kind]);
  return extension === '' ? word : `${word} · ${extension}`;
}
