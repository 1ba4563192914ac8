import { useState } from 'react';
import { useBridge } from '../session/session-context.tsx';
import { failureText } from '../ui/call-failure.ts';
import { Icon } from '../ui/icon.tsx';
import { type FoundServer, useFoundServers } from './use-found-servers.ts';

interface FoundServersProps {
  /** Called with the id of a server that was added from here. */
  onAdded: (serverId: string) => void;
}

/** Offers the ComfyUIs that run on this computer; nothing while there are none. */
export function FoundServers({ onAdded }: FoundServersProps) {
  const bridge = useBridge();
  const found = useFoundServers();
  const [adding, setAdding] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const watch = (url: string) => {
    setAdding(url);
    setFailure(null);
    bridge.call('addServer', { url, name: null }).then(
      ({ serverId }) => onAdded(serverId),
      (cause: unknown) => {
        setFailure(failureText(cause));
        setAdding(null);
      },
    );
  };
  return <FoundOffers found={found} adding={adding} failure={failure} onWatch={watch} />;
}

interface FoundOffersProps {
  found: readonly FoundServer[];
  /** The address that is being added. */
  adding: string | null;
  failure: string | null;
  onWatch: (url: string) => void;
}

function FoundOffers({ found, adding, failure, onWatch }: FoundOffersProps) {
  return (
    <div className="found" role="status" aria-label="Found on this computer">
      {found.map(({ url, comfyVersion }) => (
        <div key={url} className="found-offer">
          <Icon name="server" />
          <p>
            <b>ComfyUI{comfyVersion === null ? '' : ` ${comfyVersion}`}</b> is running at {url}
          </p>
          <button
            type="button"
            className="button small"
            aria-label={`Watch ${url}`}
            aria-disabled={adding !== null || undefined}
            onClick={() => adding === null && onWatch(url)}
          >
            {adding === url ? 'Adding…' : 'Watch it'}
          </button>
        </div>
      ))}
      {failure !== null && <p className="form-failure">{failure}</p>}
    </div>
  );
}
