/** The size of a file as people say it: nobody counts single bytes, and their short name has no plural. */

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;

export function bytesText(bytes: number, language: string): string {
  const kilobytes = Math.max(0.1, bytes / 1000);
  const step = Math.min(UNITS.length - 1, kilobytes < 1 ? 0 : Math.floor(Math.log10(kilobytes) / 3));
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[step] ?? 'kilobyte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(kilobytes / 1000 ** step);
}
