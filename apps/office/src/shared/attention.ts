/** Where a person goes to look at what waits for them. */
import type { AttentionJson } from '@mostrador/contract/report';

const TARGETS: Readonly<Record<AttentionJson['kind'], string>> = {
  dead_letters: '/operations',
  subscription_failing: '/operations',
  below_zero: '/stock?state=below_zero',
  draft_products: '/products?status=draft',
};

export function attentionTarget(kind: AttentionJson['kind']): string {
  return TARGETS[kind];
}
