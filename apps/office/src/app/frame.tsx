/** The frame around every page: rail, top bar, bottom bar, palette, and the keys that work everywhere. */
import { ActionIcon, Drawer, ScrollArea, Tooltip, UnstyledButton } from '@mantine/core';
import { BottomBar, BottomItem, Mark, RailGroup, RailItem, Shell, usePhone } from '@mostrador/ui';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconMenu2, IconSearch } from '@tabler/icons-react';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration, useLocation, useNavigate, useNavigation } from 'react-router';
import { useSession } from '../api/hooks.js';
import { Attention } from './attention.js';
import classes from './frame.module.css';
import { useGlobalKeys } from './keys.js';
import { LocationChoice } from './location-choice.js';
import { BOTTOM, isActive, NAV, type NavItem } from './nav.js';
import { openPalette, Palette } from './palette.js';
import { PersonMenu } from './person-menu.js';

const SLIM_KEY = 'mostrador.rail';

export function Frame() {
  const { t } = useTranslation();
  const { tenant, can } = useSession();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const navigation = useNavigation();
  const phone = usePhone();
  const [slim, setSlim] = useState(() => localStorage.getItem(SLIM_KEY) === 'slim');
  const [more, setMore] = useState(false);
  useGlobalKeys();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes whenever the page changes.
  useEffect(() => setMore(false), [pathname]);

  const allowed = (item: NavItem) => !item.needs || can(item.needs);
  const groups = NAV.map((g) => ({ ...g, items: g.items.filter(allowed) })).filter((g) => g.items.length > 0);
  const current = groups.flatMap((g) => g.items).find((i) => isActive(i, pathname));

  useEffect(() => {
    document.title = `${current ? t(`nav.${current.name}`) : 'Mostrador'} · ${tenant.name}`;
  }, [current, tenant.name, t]);

  const toggle = () => {
    localStorage.setItem(SLIM_KEY, slim ? 'wide' : 'slim');
    setSlim(!slim);
  };

  const rail = (small: boolean) =>
    groups.map((group) => (
      <RailGroup
        key={group.name ?? 'home'}
        slim={small}
        {...(group.name ? { label: t(`nav.group.${group.name}`) } : {})}
      >
        {group.items.map((item) => (
          <RailItem
            key={item.name}
            icon={item.icon}
            label={t(`nav.${item.name}`)}
            href={`/office${item.to === '/' ? '/' : item.to}`}
            active={item === current}
            slim={small}
            onGo={() => navigate(item.to)}
          />
        ))}
      </RailGroup>
    ));

  return (
    <>
      <Shell
        slim={slim}
        skip={t('app.skip')}
        rail={
          <>
            <div className={classes.brand} data-slim={slim || undefined}>
              <Mark size={28} />
              {slim ? null : <span>Mostrador</span>}
            </div>
            <nav aria-label={t('app.nav')}>{rail(slim)}</nav>
            <div className={classes.railFoot}>
              <Tooltip label={t(slim ? 'app.railWide' : 'app.railSlim')} position="right">
                <ActionIcon aria-label={t(slim ? 'app.railWide' : 'app.railSlim')} onClick={toggle}>
                  {slim ? (
                    <IconLayoutSidebarLeftExpand size={20} stroke={1.5} />
                  ) : (
                    <IconLayoutSidebarLeftCollapse size={20} stroke={1.5} />
                  )}
                </ActionIcon>
              </Tooltip>
            </div>
          </>
        }
        top={
          <>
            {phone ? <Mark size={26} /> : null}
            <div className={classes.shop}>
              <strong>{tenant.name}</strong>
              <LocationChoice />
            </div>
            <UnstyledButton className={classes.search} onClick={openPalette} aria-label={t('palette.open')}>
              <IconSearch size={17} stroke={1.5} />
              <span>{t('palette.open')}</span>
              <kbd>Ctrl K</kbd>
            </UnstyledButton>
            <Attention />
            <PersonMenu />
          </>
        }
        bottom={
          phone ? (
            <BottomBar label={t('app.nav')}>
              {groups
                .flatMap((g) => g.items)
                .filter((i) => BOTTOM.includes(i.name))
                .map((item) => (
                  <BottomItem
                    key={item.name}
                    icon={item.icon}
                    label={t(`nav.${item.name}`)}
                    href={`/office${item.to}`}
                    active={item === current}
                    onGo={() => navigate(item.to)}
                  />
                ))}
              <BottomItem icon={IconMenu2} label={t('nav.more')} active={more} onGo={() => setMore(true)} />
            </BottomBar>
          ) : null
        }
      >
        <div className={classes.progress} data-busy={navigation.state !== 'idle' || undefined} aria-hidden="true" />
        <Suspense>
          <Outlet />
        </Suspense>
      </Shell>
      <Drawer opened={more} onClose={() => setMore(false)} size="80%" title={tenant.name} zIndex={150}>
        <ScrollArea>
          <nav aria-label={t('nav.more')}>{rail(false)}</nav>
        </ScrollArea>
      </Drawer>
      <Palette />
      <ScrollRestoration getKey={(location) => location.pathname.split('/').slice(0, 2).join('/')} />
    </>
  );
}
