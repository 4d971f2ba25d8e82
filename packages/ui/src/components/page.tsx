/** The frame of a page: title, one line of what it is for, primary action, and a panel to stand things on. */
import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page.module.css';

export interface PageHeaderProps {
  readonly title: string;
  readonly purpose?: string;
  /** Secondary actions, left of the primary one. */
  readonly actions?: ReactNode;
  /** On phones it stands at the bottom, in the thumb's reach. */
  readonly primary?: ReactNode;
}

export function PageHeader({ title, purpose, actions, primary }: PageHeaderProps) {
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <Title order={1}>{title}</Title>
        {purpose ? <p className={classes.purpose}>{purpose}</p> : null}
      </div>
      <div className={classes.actions}>
        {actions}
        {primary ? <div className={classes.primary}>{primary}</div> : null}
      </div>
    </header>
  );
}

export function Page({ children, wide }: { readonly children: ReactNode; readonly wide?: boolean }) {
  return (
    <div className={classes.page} data-wide={wide || undefined}>
      {children}
    </div>
  );
}

export interface SectionProps {
  readonly title?: ReactNode;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
  /** No padding around the content: lists and tables bring their own. */
  readonly flush?: boolean;
  /** Without the border and the ground. */
  readonly bare?: boolean;
}

/** A titled panel. */
export function Section({ title, hint, action, children, flush, bare }: SectionProps) {
  return (
    <section className={classes.section} data-bare={bare || undefined}>
      {title ? (
        <div className={classes.sectionHead}>
          <div>
            <Title order={2} size="h3">
              {title}
            </Title>
            {hint ? <p className={classes.hint}>{hint}</p> : null}
          </div>
          {action}
        </div>
      ) : null}
      <div className={classes.sectionBody} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}

/** Label and value in pairs, as in a ticket. */
export function Facts({ items }: { readonly items: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {items.map(([label, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pairs of one list never move.
        <div key={index}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
