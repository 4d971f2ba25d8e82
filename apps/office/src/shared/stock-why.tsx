/** Why there is as much as there is: the last movements of a variant, each with what it left. */

import { Skeleton } from '@mantine/core';
import type { Page } from '@mostrador/contract';
import type { StockMovementJson } from '@mostrador/contract/stock';
import { Quantity, RelativeDate } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOne } from '../api/hooks.js';
import classes from './why.module.css';

export interface StockWhyProps {
  readonly variantId: string;
  readonly locationId?: string;
  readonly unit: string;
}

export function StockWhy({ variantId, locationId, unit }: StockWhyProps) {
  const { t } = useTranslation();
  const { data } = useOne<Page<StockMovementJson>>(['stock', 'why'], '/stock/movements', {
    variant_id: variantId,
    location_id: locationId,
    limit: 6,
  });
  return (
    <div className={classes.why}>
      <div className={classes.title}>{t('stock.whyTitle')}</div>
      {data ? (
        data.data.length === 0 ? (
          <p className={classes.none}>{t('stock.noMovements')}</p>
        ) : (
          <ul>
            {data.data.map((m) => (
              <li key={`${m.seq}/${m.n}/${m.location_id}`}>
                <span>
                  {t(`stock.cause.${m.cause}`)}
                  <small>
                    <RelativeDate value={m.at} />
                    {m.reference ? ` · ${m.reference}` : ''}
                  </small>
                </span>
                <Quantity value={m.quantity} unit={unit} signed />
                {m.balance_after === null ? null : (
                  <b>
                    <Quantity value={m.balance_after} unit={unit} />
                  </b>
                )}
              </li>
            ))}
          </ul>
        )
      ) : (
        <Skeleton height={120} m={14} width="auto" />
      )}
      <Link className={classes.all} to={`/stock-movements?variant_id=${variantId}`}>
        {t('stock.allMovements')}
      </Link>
    </div>
  );
}
