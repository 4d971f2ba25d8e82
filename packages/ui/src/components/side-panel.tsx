/**
 * A panel at the right that shows one row of a list while the list stays usable. It is opened by its address, so
 * this component only draws it: focus goes to its title, Escape closes it, on a phone it fills the screen.
 */
import { ActionIcon, Title, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import classes from './side-panel.module.css';

export interface SidePanelProps {
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  readonly leading?: ReactNode;
  /** Buttons beside the close button. */
  readonly actions?: ReactNode;
  /** Stands at the bottom, always in sight. */
  readonly footer?: ReactNode;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** For a form that begins empty: focus goes to its first field instead of the title. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

const open = new Set<symbol>();

/** Whether a dialog or a list stands over the panel: Escape is theirs first. */
function somethingAbove(): boolean {
  const above = document.querySelectorAll('.mantine-Modal-content, .mantine-Popover-dropdown, .mantine-Menu-dropdown');
  return [...above].some((element) => element.getClientRects().length > 0);
}

/** Makes room beside the page while any panel is open. */
function useRoom() {
  useEffect(() => {
    const me = Symbol('panel');
    open.add(me);
    document.body.dataset.panel = 'open';
    return () => {
      open.delete(me);
      if (open.size === 0) delete document.body.dataset.panel;
    };
  }, []);
}

export function SidePanel(props: SidePanelProps) {
  const { t } = useTranslation('ui');
  const { onClose, fill } = props;
  const body = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useRoom();
  useEffect(() => {
    const before = document.activeElement;
    const field = fill ? body.current?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea') : null;
    (field ?? title.current)?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [fill]);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    // Looked at before anything above has heard of the key: a dialog that closes is gone once the key arrives here.
    let above = false;
    const before = () => {
      above = somethingAbove();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !above) close.current();
    };
    window.addEventListener('keydown', before, true);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', before, true);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
  return createPortal(
    <aside className={classes.panel} data-wide={props.wide || undefined} aria-labelledby="side-panel-title">
      <header className={classes.head}>
        {props.leading}
        <div className={classes.words}>
          <Title order={2} size="h3" id="side-panel-title" ref={title} tabIndex={-1} className={classes.title}>
            {props.title}
          </Title>
          {props.subtitle ? <div className={classes.subtitle}>{props.subtitle}</div> : null}
        </div>
        <div className={classes.tools}>
          {props.actions}
          <Tooltip label={`${t('panel.close')} · Esc`}>
            <ActionIcon aria-label={t('panel.close')} onClick={onClose}>
              <IconX size={20} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={classes.body} ref={body} tabIndex={0} aria-labelledby="side-panel-title">
        {props.children}
      </section>
      {props.footer ? <footer className={classes.footer}>{props.footer}</footer> : null}
    </aside>,
    document.body,
  );
}

/** A titled part of a panel. */
export function PanelPart({
  title,
  action,
  children,
}: {
  readonly title?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.part}>
      {title ? (
        <div className={classes.partHead}>
          <Title order={3} size="h4">
            {title}
          </Title>
          {action}
        </div>
      ) : null}
      {children}
    </section>
  );
}
