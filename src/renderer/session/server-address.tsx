import type { Server } from '../../domain/server.ts';
import { browserAddress } from '../../domain/server-address.ts';
import { t } from '../../language/t.ts';
import { useActions } from './use-actions.ts';

/** A server's address as a link to ComfyUI's own page; as words alone where a browser could not open it. */
export function ServerAddress({
  server,
  className,
}: {
  server: Pick<Server, 'id' | 'url'>;
  className?: string;
}) {
  const { run } = useActions();
  const page = browserAddress(server.url, (text) => URL.parse(text));
  if (page === null) return <span className={className}>{server.url}</span>;
  return (
    <a
      className={className}
      href={page}
      target="_blank"
      rel="noopener noreferrer"
      title={t('actions.open_server')}
      onClick={(event) => {
        // The desktop app opens no windows of others: its host hands the address to the system's browser.
        event.preventDefault();
        void run({ do: 'open_server', serverId: server.id });
      }}
    >
      {server.url}
    </a>
  );
}
