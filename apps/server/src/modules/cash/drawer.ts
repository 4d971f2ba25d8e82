/** How drawers are told apart: `Caja 1` and ` CAJA  1` are the same one [CS2]. */
export function drawerKey(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
