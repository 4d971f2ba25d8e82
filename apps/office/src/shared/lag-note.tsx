/** Says when figures lag behind the journal; silent when they do not. */

import { Badge, Tooltip } from '@mantine/core';
import type { LagJson } from '@mostrador/contract/report';
import { useTranslation } from 'react-i18next';

export function LagNote({ lag }: { readonly lag: LagJson }) {
  const { t } = useTranslation();
  const behind = lag.head - lag.seq;
  if (behind <= 0) return null;
  return (
    <Tooltip label={t('report.lagHint')} multiline w={260}>
      <Badge color="mustard">{t('report.lag', { count: behind })}</Badge>
    </Tooltip>
  );
}
