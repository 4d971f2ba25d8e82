/** Pages of one noun, side by side, each with its address. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import classes from './shared.module.css';

export interface Tab {
  readonly to: string;
  /** Key of the words. */
  readonly label: string;
}

/** An address with `?tab=` is open only as it is; a path also with what stands below it. */
function isOpen(to: string, tabs: readonly Tab[], pathname: string, search: string): boolean {
  if (tabs.some((tab) => tab.to === pathname + search)) return to === pathname + search;
  return pathname === to || pathname.startsWith(`${to}/`);
}

export function Tabs({ tabs, label }: { readonly tabs: readonly Tab[]; readonly label: string }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const row = useRef<HTMLElement>(null);
  const open = tabs.findIndex((tab) => isOpen(tab.to, tabs, pathname, search));
  // On a phone the row scrolls: the open tab must not stand outside of it.
  useEffect(() => {
    const nav = row.current;
    const tab = nav?.children[open];
    if (!nav || !(tab instanceof HTMLElement)) return;
    const middle = tab.offsetLeft - nav.offsetLeft + tab.offsetWidth / 2;
    nav.scrollLeft = middle - nav.clientWidth / 2;
  }, [open]);
  return (
    <nav className={classes.tabs} aria-label={label} ref={row}>
      {tabs.map((tab, index) => (
        <Link key={tab.to} to={tab.to} aria-current={index === open ? 'page' : undefined}>
          {t(tab.label)}
        </Link>
      ))}
    </nav>
  );
}
