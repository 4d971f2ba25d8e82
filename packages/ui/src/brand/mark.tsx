/**
 * The mark: a scalloped awning over a counter. Drawn on a 32-pixel grid so that it stays crisp at 16; the same
 * paths make the favicon (favicon.svg) and the header of receipts.
 */

export interface MarkProps {
  /** Pixels, square. */
  readonly size?: number;
  /** Said by screen readers; absent: decoration. */
  readonly title?: string;
}

export const MARK_PATHS = {
  /** Two outer and one middle stripe of the awning, each ending in a scallop. */
  awning: 'M6.2 5h19.6L29 14a3.25 3.25 0 0 1-6.5 0 3.25 3.25 0 0 1-6.5 0 3.25 3.25 0 0 1-6.5 0A3.25 3.25 0 0 1 3 14Z',
  stripes: 'M11.4 5h4.6v9a3.25 3.25 0 0 1-6.5 0ZM20.6 5h5.2L29 14a3.25 3.25 0 0 1-6.5 0Z',
  counter: 'M4 20.5h24V24H4ZM6 24h20v4H6Z',
} as const;

export function Mark({ size = 28, title }: MarkProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" role="img" aria-hidden={title ? undefined : true}>
      <title>{title ?? 'Mostrador'}</title>
      <path d={MARK_PATHS.awning} fill="var(--ms-green)" />
      <path d={MARK_PATHS.stripes} fill="var(--ms-mustard)" />
      <path d="M4 20.5h24V24H4Z" fill="var(--ms-ink)" />
      <path d="M6 24h20v4H6Z" fill="var(--ms-ink)" opacity="0.55" />
    </svg>
  );
}

/** The mark with the product's name beside it. */
export function Wordmark({ size = 28 }: { readonly size?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: size * 0.36 }}>
      <Mark size={size} />
      <span
        style={{
          fontFamily: 'var(--mantine-font-family-headings)',
          fontWeight: 700,
          fontSize: size * 0.68,
          letterSpacing: '-0.02em',
        }}
      >
        Mostrador
      </span>
    </span>
  );
}
