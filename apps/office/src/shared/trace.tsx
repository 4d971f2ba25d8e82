/** The ledger's movements behind something, in words: from where to where, how much, why. */

import { Badge } from '@mantine/core';
import type { TransferTraceJson } from '@mostrador/contract/sale';
import { Code, useFormat } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import classes from './trace.module.css';

export interface TraceProps {
  readonly transfers: readonly TransferTraceJson[];
  /** Names of ids that stand in accounts. */
  readonly names?: Readonly<Record<string, string>>;
}

export function Trace({ transfers, names = {} }: TraceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const amount = (x: TransferTraceJson) =>
    x.unit === 'milli' ? format.number(x.amount / 1000, 3) : format.money({ amount: x.amount, currency: x.unit });
  const account = (ref: TransferTraceJson['debit']) => {
    const of = names[ref.item] ?? '';
    return of ? `${t(`ledger.kind.${ref.kind}`)} · ${of}` : t(`ledger.kind.${ref.kind}`);
  };
  if (transfers.length === 0) return <p className={classes.none}>{t('ledger.none')}</p>;
  return (
    <ul className={classes.trace}>
      {transfers.map((x) => (
        <li key={x.id}>
          <span>
            {account(x.credit)} <span aria-hidden="true">→</span> {account(x.debit)}
            <small>
              {t(`ledger.cause.${x.cause}`)} · <Code>{`#${x.seq}`}</Code>
            </small>
          </span>
          <span className="ms-num">
            {amount(x)}
            {x.overdrawn ? (
              <Badge ml={6} size="sm" color="brick">
                {t('ledger.overdrawn')}
              </Badge>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
