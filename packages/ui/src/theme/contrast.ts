/** WCAG 2 contrast of two colours, for the test that keeps the theme readable. */

function channel(value: number): number {
  const c = value / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of `#RRGGBB`, 0 to 1. */
export function luminance(hex: string): number {
  const at = (i: number) => channel(Number.parseInt(hex.slice(i, i + 2), 16));
  return 0.2126 * at(1) + 0.7152 * at(3) + 0.0722 * at(5);
}

/** 1 to 21; AA asks 4.5 of text and 3 of large text, icons and the borders of fields. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
