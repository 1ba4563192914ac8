/** How far back the charts look. `span` in ms; the labels name the beginning and the middle of the axis. */
export const chartWindows = [
  { id: '5m', label: '5 min', name: 'Last 5 minutes', span: 5 * 60_000, begin: '5 min ago', middle: '2½' },
  {
    id: '15m',
    label: '15 min',
    name: 'Last 15 minutes',
    span: 15 * 60_000,
    begin: '15 min ago',
    middle: '7½',
  },
  { id: '1h', label: '1 h', name: 'Last hour', span: 60 * 60_000, begin: '1 h ago', middle: '30 min' },
  {
    id: '24h',
    label: '24 h',
    name: 'Last 24 hours',
    span: 24 * 60 * 60_000,
    begin: '24 h ago',
    middle: '12 h',
  },
] as const;

export type ChartWindow = (typeof chartWindows)[number];

/** The window of an id; the first one for an id that is none. */
export function windowOf(id: string): ChartWindow {
  return chartWindows.find((candidate) => candidate.id === id) ?? chartWindows[0];
}
