import { useState } from 'react';
import { useHost } from '../session/use-host.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { useFoundServers } from './use-found-servers.ts';
import './found-servers.css';
import { t } from '../../language/t.ts';
import { Text } from '../ui/language.tsx';

interface FoundServersProps {
  /** Called with the id of a server that was added from here. */
  onAdded: (serverId: string) => void;
}

/** Offers the ComfyUIs that run on this computer; nothing while there are none. */
export function FoundServers({ onAdded }: FoundServersProps) {
  const { ask, failure } = useHost('inline');
  const found = useFoundServers();
  /** The address that is being added. */
  const [adding, setAdding] = useState<string | null>(null);
  const watch = async (url: string) => {
    setAdding(url);
    const reply = await ask('addServer', { url, name: null });
    if (reply.ok) onAdded(reply.value.serverId);
    else setAdding(null);
  };
  return (
    <div className="found" role="status" aria-label={t('servers.found_here')}>
      {found.map(({ url, comfyVersion }) => (
        <div key={url} className="found-offer">
          <Icon name="server" />
          <p>
            <Text
              id="servers.found_here.running"
              values={{
                name: comfyVersion === null ? 'ComfyUI' : `ComfyUI ${comfyVersion}`,
                url,
                b: (words) => <b>{words}</b>,
              }}
            />
          </p>
          <button
            type="button"
            className="button small"
            aria-label={t('servers.found_here.watch_named', { url })}
            aria-disabled={adding !== null || undefined}
            onClick={() => adding === null && void watch(url)}
          >
            {adding === url ? t('servers.found_here.adding') : t('servers.found_here.watch')}
          </button>
        </div>
      ))}
      {failure !== null && <p className="form-failure">{failure}</p>}
    </div>
  );
}
