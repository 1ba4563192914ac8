import { memo, useEffect, useEffectEvent } from 'react';
import { mediaUrl } from '../../contract/media-url.ts';
import { timeOfDay } from '../../domain/glance/glance-words.ts';
import type { MonitorState } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { t } from '../../language/t.ts';
import { useMonitor, usePage, useSession } from '../session/session-context.tsx';
import { useNow, wallTimeOf } from '../ui/clock.ts';
import { useDrift, useMovedPointer, useScreenKeptOn } from './use-wall-screen.ts';
import { useWallMode } from './wall-mode.tsx';
import { type WallTile, wallTile } from './wall-tile.ts';
import './wall.css';
import { useLanguage } from '../ui/language.tsx';

/** While nothing runs, figures are drawn so often, ms: a wall is on for days. */
const idlePace = 5_000;

/** The wall: a tile for each server, nothing to be scrolled, nothing that needs a pointer. */
export function WallPage() {
  const { monitor } = useSession();
  const isLost = usePage((page) => page.link === 'lost');
  const platform = usePage((page) => page.host?.platform ?? null);
  // What is worth drawing at once; figures can wait for the next step of the clock.
  useMonitor(turnOf);
  const isBusy = useMonitor(isAnyBusy);
  const now = useNow(isBusy ? 1_000 : idlePace);
  const { servers } = monitor.getState();
  const drift = useDrift();
  const pointer = useMovedPointer();
  useScreenKeptOn();
  useLeavingKeys();
  const watched = servers.filter(({ connection }) => connection.phase !== 'disabled');
  const shown = watched.length > 0 ? watched : servers;
  const clocks = { now, wall: wallTimeOf(now) };
  return (
    <main
      className="wall"
      aria-label={t('wall.title')}
      data-pointer={pointer || undefined}
      data-many={shown.length > 4 || undefined}
      style={{ transform: drift }}
    >
      <h1 className="visually-hidden">{t('wall.title')}</h1>
      {isLost && <p className="wall-lost">{t('wall.lost')}</p>}
      {shown.length === 0 ? (
        <p className="wall-nothing">{t('frame.no_server')}</p>
      ) : (
        <ul className="wall-tiles" data-count={Math.min(shown.length, 16)} data-lost={isLost || undefined}>
          {shown.map((server) => (
            <Tile key={server.server.id} tile={wallTile(server, clocks, platform)} />
          ))}
        </ul>
      )}
      <p className="wall-foot">
        <span>{t('wall.leave')}</span>
        <time>{timeOfDay(now, clocks)}</time>
      </p>
    </main>
  );
}

/** Another value whenever a server, its job or its last result is another one. */
function turnOf({ servers }: MonitorState): string {
  return servers
    .map(
      ({ connection, running, finished }) =>
        `${connection.phase} ${running[0]?.promptId} ${finished[0]?.promptId} ${finished[0]?.state}`,
    )
    .join();
}

function isAnyBusy({ servers }: MonitorState): boolean {
  return servers.some(({ connection, running }) => running.length > 0 && isReached(connection.phase));
}

/** Esc and the keys of the wall mode itself lead back. */
function useLeavingKeys(): void {
  const { toggle } = useWallMode();
  const isDesktop = usePage((page) => page.host?.desktop != null);
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    // In a browser F11 is how a wall that was opened by its address gets the whole screen.
    if (event.key !== 'Escape' && event.key.toLowerCase() !== 'w' && !(isDesktop && event.key === 'F11'))
      return;
    event.preventDefault();
    toggle();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

const Tile = memo(
  function Tile({ tile }: { tile: WallTile }) {
    useLanguage();
    return (
      <li
        className="wall-tile"
        data-color={tile.color}
        data-tone={tile.tone}
        data-failed={tile.failure !== null || undefined}
        aria-label={tile.name}
      >
        <div className="wall-words">
          <p className="wall-name">
            <span className="server-color" aria-hidden="true" />
            <span className="wall-cut">{tile.name}</span>
          </p>
          {tile.failure !== null && <p className="wall-failure wall-cut">{tile.failure}</p>}
          <p className="wall-headline">
            <b>{tile.headline}</b>
            {tile.progress !== null && <span>{tile.progress}</span>}
          </p>
          {tile.isRunning && (
            <div className="wall-bar" data-unknown={tile.fraction === null || undefined} aria-hidden="true">
              <div style={{ transform: `scaleX(${tile.fraction ?? 1})` }} />
            </div>
          )}
          {tile.title !== null && <p className="wall-title wall-cut">{tile.title}</p>}
          <p className="wall-line">
            {tile.left !== null && <span>{tile.left}</span>}
            {tile.live !== null && tile.live !== tile.headline && <span>{tile.live}</span>}
            {tile.queue !== null && <span>{tile.queue}</span>}
            {tile.ended !== null && <span className="wall-ended">{tile.ended}</span>}
            {tile.failedToday !== null && <span className="wall-bad">{tile.failedToday}</span>}
          </p>
          {tile.gpus.length > 0 && <Gpus gpus={tile.gpus} />}
        </div>
        {tile.picture && <Picture serverId={tile.serverId} {...tile.picture} />}
      </li>
    );
  },
  (before, after) => JSON.stringify(before) === JSON.stringify(after),
);

function Gpus({ gpus }: Pick<WallTile, 'gpus'>) {
  return (
    <ul className="wall-gpus" data-several={gpus.length > 2 || undefined}>
      {gpus.map(({ place, title, load, vram, text, isWorst }) => (
        <li key={place} className="wall-gpu" data-worst={isWorst || undefined}>
          <span className="wall-gpu-bars" aria-hidden="true">
            <span data-figure="load" style={{ transform: `scaleY(${(load ?? 0) / 100})` }} />
            <span data-figure="vram" style={{ transform: `scaleY(${(vram ?? 0) / 100})` }} />
          </span>
          <span className="wall-gpu-text">
            {title} <b>{text === '' ? '–' : text}</b>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Picture({ serverId, promptId, output }: { serverId: string } & NonNullable<WallTile['picture']>) {
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  if (mediaBase === null || !output.file) return null;
  const address = mediaUrl(mediaBase, serverId, { file: output.file, promptId, at: output.at }, 'thumbnail');
  return <img className="wall-picture" src={address} alt={t('wall.picture')} decoding="async" />;
}
