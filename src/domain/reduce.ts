import { withinLimits } from './jobs/learnt/learn.ts';
import { reduceJobs } from './jobs/reduce-jobs.ts';
import type { MonitorEvent } from './monitor-event.ts';
import { limits, type MonitorState, newServerState, type ServerState } from './monitor-state.ts';
import { type Connection, isReached } from './server.ts';
import { figuresSoFar } from './telemetry/run-figures.ts';
import { appendSample, type TelemetrySeries } from './telemetry/telemetry.ts';

/**
 * The one way state changes, in the host and in the page alike. Pure: the same state and event always
 * give the same result, and an event that changes nothing returns the very same object.
 */
export function reduce(state: MonitorState, event: MonitorEvent): MonitorState {
  if (event.type === 'server_added') {
    if (state.servers.some((known) => known.server.id === event.serverId)) return state;
    return { ...state, servers: [...state.servers, newServerState(event.server, event.at)] };
  }
  const index = state.servers.findIndex((known) => known.server.id === event.serverId);
  const before = state.servers[index];
  if (!before) return state;
  if (event.type === 'server_removed') return { ...state, servers: state.servers.toSpliced(index, 1) };
  if (event.type === 'server_moved')
    return { ...state, servers: state.servers.toSpliced(index, 1).toSpliced(event.index, 0, before) };
  const after = reduceServer(before, event);
  if (after === before) return state;
  // Mostly there is one, and every message comes through here.
  return { ...state, servers: state.servers.length === 1 ? [after] : state.servers.with(index, after) };
}

type ServerEvent = Exclude<MonitorEvent, { type: 'server_added' | 'server_removed' | 'server_moved' }>;

function reduceServer(server: ServerState, event: ServerEvent): ServerState {
  switch (event.type) {
    case 'server_changed':
      // Another address is another server: nothing known about the old one may linger.
      return event.server.url === server.server.url
        ? { ...server, server: event.server }
        : newServerState(event.server, event.at);
    case 'connection_changed':
      return connectionChanged(server, event.connection, event.at);
    case 'times_remembered':
      // What was learnt since is newer, and of this run.
      return server.learnt.learntFrom.length === 0
        ? { ...server, learnt: withinLimits(event.learnt) }
        : server;
    case 'facts_learnt':
      return { ...server, facts: event.facts };
    case 'messages_misunderstood': {
      const others = server.misunderstood.filter((known) => known.kind !== event.kind);
      const { kind, count, sample } = event;
      return {
        ...server,
        misunderstood: [{ kind, count, sample }, ...others].slice(0, limits.misunderstoodKinds),
      };
    }
    case 'telemetry_sampled': {
      const telemetry = appendSample(server.telemetry, event.sample, event.machine);
      return telemetry === server.telemetry ? server : withTelemetry(server, telemetry);
    }
    case 'queue_length_changed':
      return event.length === server.queueLength ? server : { ...server, queueLength: event.length };
    case 'log_lines_received':
      return { ...server, logLines: [...server.logLines, ...event.lines].slice(-limits.logLines) };
    case 'notification_received':
      return withNotification(server, event.text, event.at);
    default:
      return reduceJobs(server, event);
  }
}

/** A word of the server is kept for itself, and with the prompt that runs meanwhile: there it is looked for. */
function withNotification(server: ServerState, text: string, at: number): ServerState {
  const after = { ...server, notification: { text, at } };
  if (server.running.length === 0) return after;
  const serverId = server.server.id;
  return reduceJobs(after, { type: 'words_said', serverId, at, promptId: null, nodeId: null, text });
}

function withTelemetry(server: ServerState, telemetry: TelemetrySeries): ServerState {
  const after = { ...server, telemetry };
  const [job] = server.running;
  // About once a minute samples are let go of.
  if (!job || telemetry.recent[0] === server.telemetry.recent[0]) return after;
  const soFar = figuresSoFar(server.telemetry, telemetry, job);
  if (soFar === job.figuresSoFar) return after;
  return { ...after, running: server.running.with(0, { ...job, figuresSoFar: soFar }) };
}

function connectionChanged(server: ServerState, connection: Connection, at: number): ServerState {
  if (isReached(connection.phase)) return { ...server, connection, watchedSince: server.watchedSince ?? at };
  // Without a connection the queue's length is not known; the jobs stay as the last known truth.
  // Every further attempt is another phase; only the first one ends a connection.
  const lostAt = isReached(server.connection.phase) ? at : server.lostAt;
  return { ...server, connection, queueLength: null, lostAt };
}
