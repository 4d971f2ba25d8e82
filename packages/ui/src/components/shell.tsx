/** The frame of an app: rail by noun, top bar, bottom bar on phones. It knows no routes: links are told by address. */
import { Tooltip, UnstyledButton } from '@mantine/core';
import type { ComponentType, MouseEvent, ReactNode } from 'react';
import classes from './shell.module.css';

export type IconType = ComponentType<{ readonly size?: number | string; readonly stroke?: number | string }>;

export interface ShellProps {
  readonly rail: ReactNode;
  readonly top: ReactNode;
  readonly bottom: ReactNode;
  /** The rail shows icons only. */
  readonly slim: boolean;
  /** Says "skip to the content". */
  readonly skip: string;
  readonly children: ReactNode;
}

export function Shell({ rail, top, bottom, slim, skip, children }: ShellProps) {
  return (
    <div className={classes.shell} data-slim={slim || undefined}>
      <a className={classes.skip} href="#content">
        {skip}
      </a>
      <div className={classes.rail}>{rail}</div>
      <header className={classes.top}>{top}</header>
      <main className={classes.main} id="content" tabIndex={-1}>
        {children}
      </main>
      {bottom}
    </div>
  );
}

export interface RailItemProps {
  readonly icon: IconType;
  readonly label: string;
  readonly href: string;
  readonly active: boolean;
  readonly slim?: boolean;
  /** A count that wants attention. */
  readonly badge?: number | undefined;
  readonly onGo: () => void;
}

function go(onGo: () => void) {
  return (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onGo();
  };
}

export function RailItem({ icon: Glyph, label, href, active, slim, badge, onGo }: RailItemProps) {
  return (
    <Tooltip label={label} position="right" disabled={!slim} openDelay={150}>
      <a
        className={classes.item}
        href={href}
        aria-current={active ? 'page' : undefined}
        aria-label={slim ? label : undefined}
        onClick={go(onGo)}
      >
        <Glyph size={20} stroke={1.5} />
        {slim ? null : <span className={classes.itemLabel}>{label}</span>}
        {badge ? <span className={classes.badge}>{badge}</span> : null}
      </a>
    </Tooltip>
  );
}

export function RailGroup({
  label,
  slim,
  children,
}: {
  readonly label?: string;
  readonly slim?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.group}>
      {label && !slim ? <div className={classes.groupLabel}>{label}</div> : null}
      {children}
    </div>
  );
}

export function BottomBar({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <nav className={classes.bottom} aria-label={label}>
      {children}
    </nav>
  );
}

export function BottomItem({
  icon: Glyph,
  label,
  href,
  active,
  onGo,
}: Omit<RailItemProps, 'href' | 'slim' | 'badge'> & {
  /** Absent: a button. */
  readonly href?: string;
}) {
  const body = (
    <>
      <Glyph size={22} stroke={1.5} />
      <span>{label}</span>
    </>
  );
  return href ? (
    <a className={classes.bottomItem} href={href} aria-current={active ? 'page' : undefined} onClick={go(onGo)}>
      {body}
    </a>
  ) : (
    <UnstyledButton className={classes.bottomItem} onClick={onGo}>
      {body}
    </UnstyledButton>
  );
}
