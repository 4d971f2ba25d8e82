/** The one place where personal data of customers passes between plain and sealed. */
import { type CustomerPersonal, type SealedPersonal, searchWords } from '@mostrador/domain/customer';
import type { Keyring } from '../../platform/keys/index.js';

/** Seals under the person's own key and computes the blind index. Throws PersonErased for an erased person. */
export async function sealPersonal(
  keyring: Keyring,
  tenantId: number,
  customerId: string,
  personal: CustomerPersonal,
): Promise<SealedPersonal> {
  // Sorted, so that the order of the words in a name does not show.
  const tokens = keyring.tokens(tenantId, searchWords(personal)).sort();
  return { sealed: await keyring.seal(tenantId, customerId, personal), tokens };
}

/** null when the person was erased. */
export async function openPersonal(
  keyring: Keyring,
  tenantId: number,
  customerId: string,
  sealed: string | null,
): Promise<CustomerPersonal | null> {
  return sealed === null ? null : keyring.open<CustomerPersonal>(tenantId, customerId, sealed);
}
