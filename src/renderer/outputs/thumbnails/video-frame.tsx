import { type ReactNode, useState } from 'react';
import { isAlike } from './fit.ts';
import { useInView } from './use-in-view.ts';

interface VideoFrameProps {
  address: string;
  name: string;
  /** The shape of its place, width ÷ height. */
  place: number;
  onShape: (ratio: number) => void;
  /** Stands there until the frame is known, and if it cannot be had. */
  children: ReactNode;
}

/** A frame from the beginning of a video. No more than that is loaded, and only once it is in view. */
export function VideoFrame({ address, name, place, onShape, children }: VideoFrameProps) {
  const { place: placeholder, isInView } = useInView<HTMLSpanElement>();
  const [stage, setStage] = useState<'loading' | 'shown' | 'failed'>('loading');
  const [isWhole, setIsWhole] = useState(false);
  return (
    <span ref={placeholder} className="thumbnail-video">
      {stage === 'shown' ? <span className="visually-hidden">{name} </span> : children}
      {isInView && stage !== 'failed' && (
        <video
          src={`${address}#t=0.1`}
          data-stage={stage}
          data-whole={isWhole || undefined}
          preload="metadata"
          muted
          playsInline
          tabIndex={-1}
          aria-hidden="true"
          onLoadedData={({ currentTarget: { videoWidth, videoHeight } }) => {
            setStage('shown');
            setIsWhole(!isAlike(videoWidth / videoHeight, place));
            onShape(videoWidth / videoHeight);
          }}
          onError={() => setStage('failed')}
        />
      )}
    </span>
  );
}
