/** Pages of one noun, side by side, each with its address. */
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import classes from './shared.module.css';

export interface Tab {
  readonly to: string;
  /** Key of the words. */
  readonly label: string;
}

export function Tabs({ tabs, label }: { readonly tabs: readonly Tab[]; readonly label: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <NavLink
          key={tab.to}
          to={tab.to}
          aria-current={pathname === tab.to || pathname.startsWith(`${tab.to}/`) ? 'page' : undefined}
        >
          {t(tab.label)}
        </NavLink>
      ))}
    </nav>
  );
}
