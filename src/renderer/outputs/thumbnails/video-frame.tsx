import { type ReactNode, useState } from 'react';
import { useInView } from './use-in-view.ts';

interface VideoFrameProps {
  address: string;
  /** Stands there until the frame is known, and if it cannot be had. */
  children: ReactNode;
}

/** A frame from the beginning of a video. No more than that is loaded, and only once it is in view. */
export function VideoFrame({ address, children }: VideoFrameProps) {
  const { place, isInView } = useInView<HTMLSpanElement>();
  const [stage, setStage] = useState<'loading' | 'shown' | 'failed'>('loading');
  return (
    <span ref={place} className="thumbnail-video">
      {stage !== 'shown' && children}
      {isInView && stage !== 'failed' && (
        <video
          src={`${address}#t=0.1`}
          data-stage={stage}
          preload="metadata"
          muted
          playsInline
          tabIndex={-1}
          aria-hidden="true"
          onLoadedData={() => setStage('shown')}
          onError={() => setStage('failed')}
        />
      )}
    </span>
  );
}
