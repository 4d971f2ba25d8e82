/** The journal as it is written, newest first, in plain sentences. */
import type { Page } from '@mostrador/contract';
import type { JournalEntryJson } from '@mostrador/contract/journal';
import { EmptyState, ErrorState, RelativeDate, RowsSkeleton } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOne } from '../../api/hooks.js';
import { linkOf, useSentence } from '../../shared/sentence.js';
import classes from './dashboard.module.css';

const POLL_MS = 5_000;

export function Feed() {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { data, failure, loading, onRetry } = useOne<Page<JournalEntryJson>>(
    ['journal', 'feed'],
    '/journal',
    { limit: 14 },
    { refetchMs: POLL_MS },
  );
  if (failure) return <ErrorState small failure={failure} onRetry={onRetry} />;
  if (loading || !data) return <RowsSkeleton rows={6} height={14} />;
  if (data.data.length === 0) return <EmptyState small title={t('dashboard.noFeed')} />;
  return (
    <ol className={classes.feed}>
      {data.data.map((entry) => {
        const to = linkOf(entry.links.find((l) => l.id === entry.subject) ?? entry.links[0]) ?? `/journal/${entry.seq}`;
        return (
          <li key={entry.seq} data-noun={entry.type.split('.')[0]}>
            <Link to={to}>{sentence(entry)}</Link>
            <RelativeDate value={entry.at} />
          </li>
        );
      })}
    </ol>
  );
}
