import { memo, useMemo } from 'react';
import { CartesianGrid, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { formatPercent } from '../../../domain/text/format.ts';
import { useLanguage } from '../../ui/language.tsx';

interface ChartFrameProps {
  /** What the left end, the middle and the right end of the time axis are called; the middle may have no name. */
  begin: string;
  middle: string | null;
  end: string;
}

/** Of the text size of the page: `chart-frame.css` leaves as much room. */
const axisWidth = 2.75;
const axisHeight = 1.25;
const above = 0.4375;

/**
 * The axes of a chart from 0 to 100 %. They stay while curves move before them: that is why those are not drawn by
 * recharts, which would lay out everything anew for each of their moves.
 */
export const ChartFrame = memo(function ChartFrame({ begin, middle, end }: ChartFrameProps) {
  useLanguage();
  const rem = useMemo(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16, []);
  const names = [begin, middle, end];
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} debounce={50}>
      <LineChart
        data={noData}
        margin={{ top: above * rem, right: 1, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="place"
          type="number"
          domain={[0, 100]}
          ticks={[0, 50, 100]}
          interval={0}
          tickLine={false}
          axisLine={false}
          height={axisHeight * rem}
          tick={({ x, y, index }: TickPlace & { index: number }) => (
            <text
              className="chart-tick"
              data-middle={index === 1 || undefined}
              x={x}
              y={Number(y) + 0.4 * rem}
              textAnchor={index === 0 ? 'start' : index === 2 ? 'end' : 'middle'}
            >
              {names[index]}
            </text>
          )}
        />
        <YAxis
          dataKey="place"
          type="number"
          domain={[0, 100]}
          ticks={[0, 50, 100]}
          interval={0}
          tickLine={false}
          axisLine={false}
          width={axisWidth * rem}
          tick={({ x, y, payload }: TickPlace & { payload: { value: number } }) => (
            <text className="chart-tick" x={Number(x)} y={Number(y) + 0.22 * rem} textAnchor="end">
              {formatPercent(payload.value)}
            </text>
          )}
        />
      </LineChart>
    </ResponsiveContainer>
  );
});

interface TickPlace {
  x: number | string;
  y: number | string;
}

const noData = [{ place: 0 }, { place: 100 }];
