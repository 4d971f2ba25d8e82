/** What has happened to one thing: its last events as sentences, each leading to its entry in the journal. */

import { Skeleton } from '@mantine/core';
import type { Page } from '@mostrador/contract';
import type { JournalEntryJson } from '@mostrador/contract/journal';
import { PanelPart, RelativeDate } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOne, useSession } from '../api/hooks.js';
import { useSentence } from './sentence.js';
import classes from './shared.module.css';

export function SubjectHistory({ noun, subject }: { readonly noun: string; readonly subject: string }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const sentence = useSentence();
  const { data, failure } = useOne<Page<JournalEntryJson>>(
    [noun, 'history'],
    '/journal',
    { subject, limit: 6 },
    { enabled: can('journal.read') },
  );
  if (!can('journal.read') || failure) return null;
  return (
    <PanelPart title={t('history.title')} action={<Link to={`/journal?subject=${subject}`}>{t('history.all')}</Link>}>
      {data ? (
        <ul className={classes.list}>
          {data.data.map((entry) => (
            <li key={entry.seq}>
              <Link to={`/journal/${entry.seq}`} style={{ textDecoration: 'none' }}>
                {sentence(entry)}
              </Link>
              <RelativeDate value={entry.at} />
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton height={60} />
      )}
    </PanelPart>
  );
}
