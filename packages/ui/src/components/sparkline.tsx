/** A line without axes, as wide as its place: how a figure has moved. Decoration beside the number it belongs to. */

export interface SparklineProps {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
}

/** Points of the line in a box `width` × `height`, zero at the bottom unless something is below it. */
export function sparkPoints(
  values: readonly number[],
  width: number,
  height: number,
): readonly (readonly [number, number])[] {
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1, ...values);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((v, i) => [i * step, height - ((v - low) / (high - low)) * height] as const);
}

export function Sparkline({ values, width = 96, height = 32 }: SparklineProps) {
  if (values.length < 2) return null;
  const points = sparkPoints(values, width - 6, height - 6).map(([x, y]) => [x + 3, y + 3] as const);
  const line = points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const [lastX, lastY] = points[points.length - 1] as readonly [number, number];
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      style={{ display: 'block' }}
    >
      <path d={`${line}L${lastX} ${height}L3 ${height}Z`} fill="var(--ms-green-tint)" />
      <path
        d={line}
        fill="none"
        stroke="var(--ms-green)"
        strokeWidth="1.75"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={lastX} cy={lastY} r="2.75" fill="var(--ms-green)" />
    </svg>
  );
}
