/** Built-in roles are named by the office, the shop's own by the shop. */
import type { Role } from '@mostrador/contract/identity';
import { useTranslation } from 'react-i18next';

export function useRoleName(): (role: Pick<Role, 'id' | 'name' | 'built_in'>) => string {
  const { t } = useTranslation();
  return (role) => (role.built_in ? t(`role.builtIn.${role.id}`, { defaultValue: role.name }) : role.name);
}
