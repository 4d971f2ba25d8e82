/** The three states that are not "full": empty, failed, loading. */
import { Button, Skeleton, Title } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconLock, IconMapQuestion } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './states.module.css';

type Icon = ComponentType<{ readonly size?: number | string; readonly stroke?: number | string }>;

export interface EmptyStateProps {
  readonly icon?: Icon;
  readonly title: string;
  /** What to do first. */
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
  readonly small?: boolean;
}

export function EmptyState({ icon: Glyph, title, hint, action, small }: EmptyStateProps) {
  return (
    <div className={classes.state} data-small={small || undefined}>
      {Glyph ? (
        <div className={classes.icon}>
          <Glyph size={small ? 22 : 28} stroke={1.5} />
        </div>
      ) : null}
      <Title order={2} size="h3">
        {title}
      </Title>
      {hint ? <p>{hint}</p> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}

/** What a failure looks like to the state: the app's own error types fit this. */
export interface Failure {
  readonly kind: 'offline' | 'forbidden' | 'missing' | 'other';
  /** The server's sentence. */
  readonly detail?: string | undefined;
  readonly code?: string | undefined;
}

const GLYPHS: Readonly<Record<Failure['kind'], Icon>> = {
  offline: IconCloudOff,
  forbidden: IconLock,
  missing: IconMapQuestion,
  other: IconAlertTriangle,
};

/** Some answers of the server already say what is safe; it is not said twice. */
function sentences(text = ''): readonly string[] {
  return text.split(/(?<=\.)\s+/).filter(Boolean);
}

/** What happened, what is safe, what to do. */
export function ErrorState({
  failure,
  onRetry,
  small,
}: {
  readonly failure: Failure;
  readonly onRetry?: (() => void) | undefined;
  readonly small?: boolean;
}) {
  const { t } = useTranslation('ui');
  const Glyph = GLYPHS[failure.kind];
  const words = {
    offline: [t('error.offlineTitle'), t('error.offline')],
    forbidden: [t('error.forbiddenTitle'), t('error.forbidden')],
    missing: [t('error.missingTitle'), t('error.missing')],
    other: [t('error.title'), [...new Set([...sentences(failure.detail), t('error.safe')])].join(' ')],
  }[failure.kind] as [string, string];
  return (
    <div className={classes.state} role="alert" data-small={small || undefined} data-failed>
      <div className={classes.icon}>
        <Glyph size={small ? 22 : 28} stroke={1.5} />
      </div>
      <Title order={2} size="h3">
        {words[0]}
      </Title>
      <p>{words[1]}</p>
      {failure.kind === 'other' && failure.code ? (
        <p className={classes.code}>
          {t('error.code')}: {failure.code}
        </p>
      ) : null}
      {onRetry ? (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            {t('error.retry')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** Rows as they will stand, before they are there. */
export function RowsSkeleton({ rows = 8, height = 20 }: { readonly rows?: number; readonly height?: number }) {
  const { t } = useTranslation('ui');
  return (
    <div className={classes.rows} role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders.
        <div key={i} className={classes.row}>
          <Skeleton height={height} width={`${36 + ((i * 17) % 28)}%`} />
          <Skeleton height={height} width="14%" />
          <Skeleton height={height} width="12%" />
        </div>
      ))}
    </div>
  );
}

/** Tiles and titled panels before they are there: the frames stand already, only what is in them is missing. */
export function SectionsSkeleton({
  tiles = 0,
  heights,
}: {
  readonly tiles?: number;
  readonly heights: readonly number[];
}) {
  const { t } = useTranslation('ui');
  return (
    <div className={classes.sections} role="status" aria-label={t('loading')}>
      {tiles > 0 ? (
        <div className={classes.tiles}>
          {Array.from({ length: tiles }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders.
            <div key={i} className={classes.frame}>
              <Skeleton height={14} width="45%" />
              <Skeleton height={24} width="60%" />
            </div>
          ))}
        </div>
      ) : null}
      {heights.map((height, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders.
        <div key={i} className={classes.frame}>
          <Skeleton height={18} width={180} />
          <Skeleton height={height} />
        </div>
      ))}
    </div>
  );
}

/** A panel's content before it is there. */
export function PanelSkeleton() {
  const { t } = useTranslation('ui');
  return (
    <div className={classes.panel} role="status" aria-label={t('loading')}>
      <Skeleton height={28} width="70%" />
      <Skeleton height={18} width="45%" />
      <Skeleton height={120} />
      <Skeleton height={18} />
      <Skeleton height={18} width="85%" />
      <Skeleton height={18} width="60%" />
    </div>
  );
}
