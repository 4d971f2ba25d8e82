/** Which drawer the cash of a refund is taken from: the sale's own while it is open, else another one of its location. */
import type { Page } from '@mostrador/contract';
import type { CashSessionJson } from '@mostrador/contract/cash';
import type { SaleJson } from '@mostrador/contract/sale';
import { useState } from 'react';
import { useOne, useSession } from '../../api/hooks.js';

/** Cash of the location that lies in no drawer. */
export const LOOSE = 'loose';

export interface RefundSource {
  /** Open drawers; empty when there is nothing to choose. */
  readonly drawers: readonly CashSessionJson[];
  /** The id of a session, or `LOOSE`. */
  readonly chosen: string;
  readonly choose: (source: string) => void;
  /** Whether it is not known yet. */
  readonly loading: boolean;
}

export function usualSource(
  sale: Pick<SaleJson, 'cash_session_id'>,
  drawers: readonly { readonly id: string }[],
): string {
  if (sale.cash_session_id === null) return LOOSE;
  return (drawers.find((d) => d.id === sale.cash_session_id) ?? drawers[0])?.id ?? LOOSE;
}

export function useRefundSource(sale: SaleJson): RefundSource {
  const { can } = useSession();
  const [picked, setPicked] = useState<string | null>(null);
  const paidInCash = sale.tenders.some((t) => t.type === 'cash');
  const enabled = paidInCash && can('cash.read');
  const { data, loading } = useOne<Page<CashSessionJson>>(
    ['cash', 'open-at', sale.location_id],
    '/cash-sessions',
    { location_id: sale.location_id, status: 'open', limit: 50 },
    { enabled },
  );
  const drawers = data?.data ?? [];
  // Who may not see drawers gives the money back from the one it went into.
  const usual = enabled || !paidInCash ? usualSource(sale, drawers) : (sale.cash_session_id ?? LOOSE);
  return { drawers, chosen: picked ?? usual, choose: setPicked, loading: enabled && loading };
}
