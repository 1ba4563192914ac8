import { type RefObject, useState } from 'react';
import {
  type ExecutedOutput,
  fileExtension,
  type OutputKind,
  outputName,
} from '../../../domain/outputs/executed-output.ts';
import { t } from '../../../language/t.ts';
import { EmptyState } from '../../ui/controls/empty-state.tsx';
import { Icon, type IconName } from '../../ui/controls/icon.tsx';
import type { DetailsState } from './use-output-details.ts';
import type { PixelSize } from './viewer-details.tsx';
import type { ViewerItem } from './viewer-item.ts';

interface ViewerContentProps {
  item: ViewerItem;
  /** The file itself; null for a text that is none. */
  address: string | null;
  /** A lighter picture of the same size, which the gallery has loaded already. */
  thumbnail: string | null;
  picture: RefObject<HTMLImageElement | null>;
  state: DetailsState;
  onSize: (size: PixelSize) => void;
  onOpen: () => void;
}

const icons: Partial<Record<OutputKind, IconName>> = { model3d: 'cube', audio: 'wave', video: 'film' };

/** Formats that browsers do not draw, and that ComfyUI turns into ones that they do. */
const serverPictures = new Set(['tif', 'tiff']);

/** Whether a picture can only be shown as the server re-encodes it. */
export function isServerPicture({ file }: ExecutedOutput): boolean {
  return file !== null && serverPictures.has(fileExtension(file.filename));
}

/** Stands in place of a file that most likely is not the one of this run any more. */
export function Overwritten({ onShow }: { onShow: () => void }) {
  return (
    <EmptyState icon="image" title={t('outputs.overwritten')}>
      <p>{t('outputs.overwritten.body')}</p>
      <div className="empty-actions">
        <button type="button" className="button" onClick={onShow}>
          {t('outputs.overwritten.show')}
        </button>
      </div>
    </EmptyState>
  );
}

/** An output as large as it goes: shown, played or read, by its kind. */
export function ViewerContent(props: ViewerContentProps) {
  const { item, address, state, onSize, onOpen } = props;
  const { output } = item;
  const name = outputName(output);
  const [failed, setFailed] = useState(false);
  if (failed)
    return (
      <EmptyState icon={icons[output.kind] ?? 'image'} title={t('outputs.viewer.failed')}>
        <p>{t('outputs.viewer.failed.body')}</p>
        <div className="empty-actions">
          <button type="button" className="button primary" onClick={() => setFailed(false)}>
            {t('outputs.viewer.again')}
          </button>
          <button
            type="button"
            className="button"
            aria-label={t('outputs.open.named', { name })}
            onClick={onOpen}
          >
            {t('outputs.open')}
          </button>
        </div>
      </EmptyState>
    );
  if (output.kind === 'text') {
    const text = output.text ?? (state.phase === 'known' ? state.details.text : null);
    return text === null ? <Waiting /> : <pre className="viewer-text">{text}</pre>;
  }
  if (address === null) return null;
  switch (output.kind) {
    case 'image':
    case 'animation':
      return <Picture {...props} name={name} address={address} onFailed={() => setFailed(true)} />;
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: what a model makes has no captions.
        <video
          className="viewer-video"
          aria-label={name}
          src={address}
          controls
          autoPlay
          loop
          onLoadedMetadata={({ currentTarget }) =>
            onSize({ width: currentTarget.videoWidth, height: currentTarget.videoHeight })
          }
          onError={() => setFailed(true)}
        />
      );
    case 'audio':
      return (
        <div className="viewer-audio">
          <Icon name="wave" />
          <span>{name}</span>
          {/* biome-ignore lint/a11y/useMediaCaption: what a model makes has no captions. */}
          <audio aria-label={name} src={address} controls onError={() => setFailed(true)} />
        </div>
      );
    default:
      return (
        <EmptyState icon={icons[output.kind] ?? 'file'} title={name}>
          <p>{t('outputs.viewer.not_here')}</p>
          <OpenAction name={name} onOpen={onOpen} />
        </EmptyState>
      );
  }
}

interface PictureProps extends ViewerContentProps {
  name: string;
  address: string;
  onFailed: () => void;
}

function Picture({ picture, name, address, thumbnail, onSize, onFailed }: PictureProps) {
  const [isLoaded, setIsLoaded] = useState(false);
  const [isSketched, setIsSketched] = useState(false);
  return (
    <>
      {!isLoaded && thumbnail && (
        <img
          className="viewer-picture viewer-placeholder"
          src={thumbnail}
          alt=""
          onLoad={() => setIsSketched(true)}
        />
      )}
      {!isLoaded && !isSketched && (
        <p className="viewer-loading" role="status">
          {t('outputs.viewer.loading')}
        </p>
      )}
      <img
        ref={picture}
        className="viewer-picture"
        src={address}
        alt={name}
        draggable={false}
        data-loaded={isLoaded || undefined}
        onLoad={({ currentTarget }) => {
          setIsLoaded(true);
          onSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight });
        }}
        onError={onFailed}
      />
    </>
  );
}

function OpenAction({ name, onOpen }: { name: string; onOpen: () => void }) {
  return (
    <div className="empty-actions">
      <button
        type="button"
        className="button primary"
        aria-label={t('outputs.open.named', { name })}
        onClick={onOpen}
      >
        {t('outputs.open')}
      </button>
    </div>
  );
}

function Waiting() {
  return <p className="viewer-note">{t('outputs.viewer.reading')}</p>;
}
